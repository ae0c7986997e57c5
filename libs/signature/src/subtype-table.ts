/** Which parameter tells the kinds of one stop code apart (1 to 4), and how its value is to be read. */
export interface Subtype {
  parameter: 1 | 2 | 3 | 4;
  /** `status`: an NTSTATUS. `number`: a small number that Microsoft gives a meaning; where that is known, `names` has it. */
  kind: 'status' | 'number';
  names?: Readonly<Record<number, string>>;
}

const exceptionStatus: Subtype = { parameter: 1, kind: 'status' };
/** The page fault codes tell what was tried: x64 since Windows 10 1507 says 0, 2 and 0x10, ARM and older ones 0, 1 and 8. */
const accessNames = { 0: 'read', 1: 'write', 2: 'write', 8: 'execute', 0x10: 'execute' };
/** The codes about a raised IRQL count otherwise: 2 is an execute as well. */
const irqlAccessNames = { 0: 'read', 1: 'write', 2: 'execute', 8: 'execute' };
const listed: Subtype = { parameter: 1, kind: 'number' };

/**
 * Source: the parameter tables of Microsoft's bug check pages (MicrosoftDocs/windows-driver-docs, `debugger/bug-check-0x….md`);
 * facts only. Codes that are not here have no parameter that stays the same from boot to boot.
 */
export const subtypes: Readonly<Record<number, Subtype>> = {
  0x0a: { parameter: 3, kind: 'number', names: { 0: 'read', 1: 'write', 8: 'execute' } },
  0x19: listed,
  0x1a: listed,
  0x1e: exceptionStatus,
  0x3b: exceptionStatus,
  0x50: { parameter: 2, kind: 'number', names: accessNames },
  0x77: exceptionStatus,
  0x7a: { parameter: 2, kind: 'status' },
  0x7e: exceptionStatus,
  0x7f: {
    parameter: 1,
    kind: 'number',
    names: {
      0: 'divide by zero',
      4: 'overflow',
      5: 'bounds check',
      6: 'invalid opcode',
      8: 'double fault',
      0xd: 'protection fault',
    },
  },
  0x8e: exceptionStatus,
  0x9f: {
    parameter: 1,
    kind: 'number',
    names: {
      1: 'device freed with a power request outstanding',
      2: 'next power IRP not started',
      3: 'power IRP blocked too long',
      4: 'timeout waiting for PnP',
      0x500: 'next power IRP not started',
    },
  },
  0xa0: listed,
  0xc2: listed,
  0xc4: listed,
  0xc9: listed,
  0xcc: { parameter: 2, kind: 'number', names: accessNames },
  0xcd: { parameter: 2, kind: 'number', names: accessNames },
  0xd1: { parameter: 3, kind: 'number', names: irqlAccessNames },
  0xd5: { parameter: 2, kind: 'number', names: accessNames },
  0xd6: { parameter: 2, kind: 'number', names: accessNames },
  0xe6: listed,
  0xef: { parameter: 2, kind: 'number', names: { 0: 'process', 1: 'thread' } },
  0xf4: { parameter: 1, kind: 'number', names: { 3: 'process', 6: 'thread' } },
  0xfe: listed,
  0x109: { parameter: 4, kind: 'number' },
  0x10d: listed,
  0x10e: listed,
  0x113: listed,
  0x119: listed,
  0x124: {
    parameter: 1,
    kind: 'number',
    names: {
      0: 'machine check',
      1: 'corrected machine check',
      2: 'corrected platform error',
      3: 'NMI',
      4: 'PCI Express',
      5: 'generic',
      6: 'initialization',
      7: 'boot',
    },
  },
  0x133: {
    parameter: 1,
    kind: 'number',
    names: { 0: 'one DPC or ISR too long', 1: 'too long at DISPATCH_LEVEL' },
  },
  0x139: {
    parameter: 1,
    kind: 'number',
    names: {
      0: 'stack overrun (legacy)',
      1: 'illegal virtual function table',
      2: 'stack overrun',
      3: 'list entry corrupted',
      5: 'invalid parameter',
      6: 'stack cookie not initialized',
      7: 'fatal exit requested',
      8: 'array index out of bounds',
      9: 'unsafe registry query',
      10: 'indirect call refused',
      11: 'invalid memory write',
      12: 'invalid fiber context',
      13: 'invalid register context',
      14: 'invalid reference count',
      19: 'write to read-only data',
      21: 'invalid exception chain',
      28: 'buffer access out of bounds',
      29: 'tree node corrupted',
      37: 'switch out of range',
      38: 'longjmp to an invalid target',
    },
  },
  0x13a: listed,
  0x144: listed,
};

/** NTSTATUS values that a kernel exception commonly has. Source: Microsoft's [MS-ERREF] section 2.3.1; facts only. */
export const statusNames: Readonly<Record<number, string>> = {
  0x80000002: 'DATATYPE_MISALIGNMENT',
  0x80000003: 'BREAKPOINT',
  0x80000004: 'SINGLE_STEP',
  0xc0000005: 'ACCESS_VIOLATION',
  0xc0000006: 'IN_PAGE_ERROR',
  0xc000000e: 'NO_SUCH_DEVICE',
  0xc000001d: 'ILLEGAL_INSTRUCTION',
  0xc000009a: 'INSUFFICIENT_RESOURCES',
  0xc000009c: 'DEVICE_DATA_ERROR',
  0xc000009d: 'DEVICE_NOT_CONNECTED',
  0xc0000094: 'INTEGER_DIVIDE_BY_ZERO',
  0xc0000095: 'INTEGER_OVERFLOW',
  0xc0000096: 'PRIVILEGED_INSTRUCTION',
  0xc00000fd: 'STACK_OVERFLOW',
  0xc0000185: 'IO_DEVICE_ERROR',
  0xc0000420: 'ASSERTION_FAILURE',
};
