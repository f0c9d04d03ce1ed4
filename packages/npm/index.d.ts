/** The path of the binary; undefined where there is none for this platform. */
export const binary: string | undefined;
/** The package that has, or would have, the binary for this platform. */
export const platformPackage: string;
