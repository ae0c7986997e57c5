/** What a parameter of a stop means, so that a made-up value looks like a real one. */
export type ParameterKind =
  | 'code_address'
  | 'pool_address'
  | 'stack_address'
  | 'user_address'
  | 'irql'
  | 'access'
  | 'access_violation'
  | 'cpu'
  | number;

/** One way in which a driver stops a host: the stop code and what its four parameters hold. */
export interface StopKind {
  code: number;
  parameters: readonly [ParameterKind, ParameterKind, ParameterKind, ParameterKind];
}

/** A kernel module: on how many hosts it is, and how often the background blames it. */
export interface DriverKind {
  image: string;
  version: string;
  /** Share of the hosts that have it, 0..1: below 1 it belongs to a device or a product. */
  share: number;
  /** Weight among the modules blamed for background bugchecks; shares are our assumption. */
  crashWeight: number;
  /** True when its builds are updates on a channel of their own, `driver:<image>`; others come with Windows. */
  ownChannel: boolean;
  vendor: string;
  stops: readonly number[];
}

/** A kind of content that a driver loads. */
export interface ChannelKind {
  channel: string;
  driver: string;
  version: string;
  vendor: string;
}

/**
 * Parameters by stop code, after Microsoft's bug check code reference
 * (https://learn.microsoft.com/windows-hardware/drivers/debugger/bug-check-code-reference2).
 */
export const STOP_KINDS: ReadonlyMap<number, StopKind['parameters']> = new Map<number, StopKind['parameters']>([
  [0x0a, ['user_address', 'irql', 'access', 'code_address']],
  [0x1a, [0x41792, 'pool_address', 0, 0]],
  [0x24, [0xb500190637, 'stack_address', 'stack_address', 'code_address']],
  [0x3b, ['access_violation', 'code_address', 'stack_address', 0]],
  [0x50, ['pool_address', 'access', 'code_address', 2]],
  [0x7e, ['access_violation', 'code_address', 'stack_address', 'stack_address']],
  [0x9f, [3, 'pool_address', 'stack_address', 'pool_address']],
  [0xd1, ['pool_address', 'irql', 'access', 'code_address']],
  [0xef, ['pool_address', 0, 0, 0]],
  [0x101, [0xc, 0, 'pool_address', 'cpu']],
  [0x116, ['pool_address', 'code_address', 0xc000009a, 4]],
  [0x124, [0, 'pool_address', 0xbe000000, 0x800400]],
  [0x133, [1, 0x1e00, 'code_address', 0]],
  [0x139, [3, 'stack_address', 'stack_address', 0]],
]);

/** Parameters of a stop code that the table does not know: two addresses and two small numbers. */
export const UNKNOWN_STOP: StopKind['parameters'] = ['pool_address', 0, 'code_address', 0];

/** Modules of the simulated hosts. Names and version forms are those of the field; shares are our assumption. */
export const DRIVERS: readonly DriverKind[] = [
  inbox('ntoskrnl.exe', 30, [0x0a, 0x1a, 0x3b, 0x139, 0xef, 0x133]),
  inbox('win32kfull.sys', 8, [0x3b, 0x50]),
  inbox('tcpip.sys', 6, [0xd1, 0x7e]),
  inbox('storport.sys', 5, [0xd1, 0x133]),
  inbox('ntfs.sys', 5, [0x24, 0x50]),
  inbox('dxgmms2.sys', 5, [0x7e, 0xd1]),
  { ...inbox('unknown', 6, [0x124, 0x101]), version: '', vendor: '' },
  { ...inbox('wdfilter.sys', 1, [0x50, 0x3b]), version: '4.18.24060.7' },
  product('csagent.sys', '7.11.18110.0', [0.6, 1], 'CrowdStrike', [0x50, 0x7e]),
  product('nvlddmkm.sys', '31.0.15.5222', [0.25, 18], 'NVIDIA', [0x116, 0xd1, 0x7e]),
  product('igdkmd64.sys', '31.0.101.5382', [0.45, 8], 'Intel', [0x116, 0x9f]),
  product('amdkmdag.sys', '31.0.24027.1012', [0.15, 10], 'AMD', [0x116, 0xd1]),
  product('netwtw10.sys', '22.250.1.2', [0.4, 7], 'Intel', [0xd1, 0x9f]),
  product('rtwlane.sys', '2024.0.10.137', [0.2, 8], 'Realtek', [0xd1, 0x9f, 0x0a]),
];

/** Content channels of the simulated hosts. */
export const CHANNELS: readonly ChannelKind[] = [
  content('channel-file-291', 'csagent.sys', 'C-00000291-00000000-00000031', 'CrowdStrike'),
  content('av-signatures', 'wdfilter.sys', '1.415.123.0', 'Microsoft'),
  content('windows-cumulative', 'ntoskrnl.exe', 'KB5039212', 'Microsoft'),
];

/** Builds of Windows on the simulated hosts with their shares (our assumption). */
export const OS_BUILDS: readonly { build: string; share: number }[] = [
  { build: '10.0.22631.3737', share: 0.44 },
  { build: '10.0.22621.3737', share: 0.12 },
  { build: '10.0.19045.4529', share: 0.36 },
  { build: '10.0.20348.2527', share: 0.08 },
];

function inbox(image: string, crashWeight: number, stops: readonly number[]): DriverKind {
  return { image, version: '10.0.22621.3672', share: 1, crashWeight, ownChannel: false, vendor: 'Microsoft', stops };
}

function product(
  image: string,
  version: string,
  [share, crashWeight]: readonly [number, number],
  vendor: string,
  stops: readonly number[],
): DriverKind {
  return { image, version, share, crashWeight, ownChannel: true, vendor, stops };
}

function content(channel: string, driver: string, version: string, vendor: string): ChannelKind {
  return { channel, driver, version, vendor };
}
