/** Sockets that read and do nothing. */
import net from "node:net";

for (let i = 0; i < Number(process.env.BENCH_CLIENTS); i++)
  net.connect(Number(process.env.BENCH_PORT), "127.0.0.1").resume();
