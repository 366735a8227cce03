/** True only when two types are the same, to the last modifier. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Checked by the compiler: an error unless the given type is the expected one. */
export function expectSame<A, B>(..._mismatch: Same<A, B> extends true ? [] : [never]): void {}
