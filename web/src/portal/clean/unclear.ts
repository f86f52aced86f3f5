/** A file that is not as its format says, so nobody can tell what is hidden in it. */
export class UnclearFileError extends Error {}
