/** The part of `ws` that its types leave out; socket.io's own adapter relies on it as well. */
declare module "ws" {
  export const Sender: {
    frame(
      data: Buffer,
      options: { readOnly: boolean; mask: boolean; rsv1: boolean; opcode: number; fin: boolean },
    ): Buffer[];
  };
}
export {};
