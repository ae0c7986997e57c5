import fc from 'fast-check';
import { incidentIdOf } from './incident-id';

describe('the id of an incident', () => {
  // The hashes were computed apart from this code: an id that changes orphans every incident that is open.
  it.each([
    [
      'channel-file-291',
      'C-00000291-00000000-00000032',
      'channel-file-291-c-00000291-00000000-00000032-25ead81a65380a8b',
    ],
    ['driver:nvlddmkm.sys', '31.0.15.6000', 'driver-nvlddmkm-sys-31-0-15-6000-b258b2cb98dc4b03'],
    ['…', '', 'none-none-9afefc075824247b'],
  ])('of %s %s never changes', (channel, version, id) => expect(incidentIdOf({ channel, version })).toBe(id));

  it('may stand in an address as it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 160 }), fc.string({ maxLength: 64 }), (channel, version) => {
        const id = incidentIdOf({ channel, version });
        expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(encodeURIComponent(id)).toBe(id);
        expect(id.length).toBeLessThanOrEqual(48 + 48 + 16 + 2);
      }),
    );
  });

  it('is another one for every other update, also where only what a slug drops differs', () => {
    const channels = ['a', 'A', 'a-', 'a b', 'driver:a', 'driver-a', 'x'.repeat(60), 'x'.repeat(61), ''];
    const versions = ['1', '1.0', '1-0', '10', ''];
    const ids = channels.flatMap((channel) => versions.map((version) => incidentIdOf({ channel, version })));
    expect(new Set(ids).size).toBe(ids.length);
    expect(incidentIdOf({ channel: 'a', version: 'b-c' })).not.toBe(incidentIdOf({ channel: 'a-b', version: 'c' }));
  });
});
