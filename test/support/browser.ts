import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type Page, chromium } from 'playwright-core';

const root = join(__dirname, '..', '..');
const pictures = join(root, '.ringwatch', 'screenshots');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

if (executablePath === undefined)
  process.stdout.write('pages: skipped, no chromium here (apt-get install chromium, or set CHROMIUM_PATH)\n');

/** `describe` where there is a browser, and a skip that is counted where there is none. */
export const describeInBrowser = executablePath === undefined ? describe.skip : describe;

export interface Look {
  width?: number;
  dark?: boolean;
}

/** A real Chromium. Whatever goes wrong on a page (an error, an answer of 400 or more) is a complaint. */
export class BrowserUnderTest {
  readonly complaints: string[] = [];
  private browser!: Browser;

  async start(): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    this.browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  }

  stop(): Promise<void> {
    return this.browser.close();
  }

  async open(address: string, { width = 1280, dark = false }: Look = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    page.on('response', (answer) => answer.status() >= 400 && this.complain(`${answer.status()} ${answer.url()}`));
    page.on('pageerror', (error) => this.complain(error.message));
    page.on('console', (line) => line.type() === 'error' && this.complain(line.text()));
    await page.goto(address);
    return page;
  }

  /** Until nothing on the page is a placeholder any more. */
  async settled(page: Page): Promise<void> {
    await page.locator('.card').first().waitFor();
    await page.locator('.bone').first().waitFor({ state: 'detached' });
  }

  async picture(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }

  private complain(line: string): void {
    this.complaints.push(line);
  }
}

interface Finding {
  id: string;
  nodes: Array<{ html: string }>;
}

/** Everything that axe finds, as lines to read. */
export async function findingsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{ violations: Finding[] }>('axe.run()');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

/** How far the page can be moved sideways, in pixels. */
export const sidewaysOf = (page: Page) => page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
