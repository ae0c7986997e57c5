import type { CommandReader, ExitCode } from './cli';
import { type Output, UsageError } from './output';
import { usage } from './usage';

const shells = { bash, zsh, fish } as const;

/** `ringwatch completion SHELL`: what a shell has to be told to complete commands and options. */
export const completionCommand: CommandReader = (args) => {
  const [shell, ...more] = args;
  const script = Object.entries(shells).find(([name]) => name === shell)?.[1];
  if (!script || more.length > 0)
    throw new UsageError(`wanted one of ${Object.keys(shells).join(', ')}, got "${args.join(' ')}"`);
  return {
    kind: 'alone',
    run: ({ out }: Output) => {
      out(script());
      return Promise.resolve<ExitCode>(0);
    },
  };
};

/** Every command, with the words that its usage has behind its name and the options that it names. */
function commands(): Array<{ name: string; words: string[] }> {
  return Object.entries(usage)
    .filter(([name]) => name !== 'general')
    .map(([name, text]) => {
      const verbs = [...text.matchAll(new RegExp(`^ringwatch ${name} \\[?([a-z|-]+)\\]?`, 'gm'))].flatMap((found) =>
        found[1]!.split('|').filter((word) => !word.startsWith('-')),
      );
      const options = [...text.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option);
      return { name, words: [...new Set([...verbs, ...options, '--help'])] };
    });
}

function bash(): string {
  const cases = commands().map(({ name, words }) => `    ${name}) words="${words.join(' ')}" ;;`);
  return `_ringwatch() {
  local words
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names()}"; else case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _ringwatch ringwatch
`;
}

function zsh(): string {
  return `autoload -U +X bashcompinit && bashcompinit
${bash()}`;
}

function fish(): string {
  const lines = commands().map(
    ({ name, words }) => `complete -c ringwatch -n "__fish_seen_subcommand_from ${name}" -a "${words.join(' ')}"`,
  );
  return `complete -c ringwatch -n __fish_use_subcommand -f -a "${names()}"\n${lines.join('\n')}\n`;
}

function names(): string {
  return commands()
    .map(({ name }) => name)
    .join(' ');
}
