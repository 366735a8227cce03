/** True only when two types are the same, to the last modifier. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the parameter is what makes the comparison exact
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Checked by the compiler: an error unless the given type is the expected one. */
export function expectSame<A, B>(..._mismatch: Same<A, B> extends true ? [] : [never]): void {}
