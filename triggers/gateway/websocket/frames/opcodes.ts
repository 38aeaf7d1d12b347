/** https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
export const opcodes = { continuation: 0x0, binary: 0x2, close: 0x8, pong: 0xa } as const;
export const maxControlBytes = 125;
