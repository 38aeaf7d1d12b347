/** Whether a whole text fits a glob. */
export type Glob = (text: string) => boolean;

/**
 * Compiles a glob: `*` stands for any characters, `?` for one, everything else for itself. Takes at most glob × text steps,
 * whatever the glob.
 */
export function compileGlob(glob: string): Glob {
  if (!/[*?]/.test(glob)) return (text) => text === glob;
  if (/^\*+$/.test(glob)) return () => true;
  return (text) => fits(glob, text);
}

/** Goes back to the last star only: an earlier one never has to take more, because the last can take anything. */
function fits(glob: string, text: string): boolean {
  let star = -1;
  let starTook = 0;
  let at = 0;
  let position = 0;
  while (position < text.length) {
    if (glob[at] === '*') {
      star = at;
      starTook = position;
      at += 1;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === text[position])) {
      at += 1;
      position += 1;
    } else if (star === -1) {
      return false;
    } else {
      starTook += 1;
      position = starTook;
      at = star + 1;
    }
  }
  while (glob[at] === '*') at += 1;
  return at === glob.length;
}
