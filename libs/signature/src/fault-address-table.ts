/**
 * Which parameter (1 to 4) holds the address of the instruction that failed; for 0x116 and 0x117 a pointer into the
 * responsible module. Only codes whose page says so, twins folded.
 * Source: Microsoft's bug check pages (MicrosoftDocs/windows-driver-docs, 12 November 2025); facts only.
 */
export const faultAddressParameters: Readonly<Record<number, number>> = {
  0x0a: 4,
  0x1e: 2,
  0x3b: 2,
  0x50: 3,
  0x7e: 2,
  0x8e: 2,
  0xc5: 4,
  0xcc: 3,
  0xcd: 3,
  0xce: 3,
  0xcf: 3,
  0xd0: 4,
  0xd1: 4,
  0xd3: 4,
  0xd4: 4,
  0xd5: 3,
  0xd6: 3,
  0x116: 2,
  0x117: 2,
};
