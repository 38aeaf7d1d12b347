/** What to look at when the runtime could not start a container, from its message. */
export function hintStart(container: string, message = ''): string {
  if (/not found|no such file/i.test(message)) {
    return `check command and args of container ${container}: the image has no such executable or directory`;
  }
  if (/permission denied/i.test(message)) return `make the command of container ${container} executable in the image`;
  return `check command, args, working directory and mounts of container ${container}`;
}
