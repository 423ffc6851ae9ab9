import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { PlainAnswer } from "../plain-answer.ts";
import { textOfAnswer } from "./plain-answer-text.ts";
import { readPlainRequest, type ArrivedRequest } from "./plain-request.ts";

/** Answers a request that came over this socket, or null: node:http has to read it. Never rejects. */
export type AnswerPlainly = (request: ArrivedRequest, socket: Socket) => Promise<PlainAnswer> | null;

export interface PlainConnections {
  /** From now on every answer is the last of its connection, and whoever waits for a request is hung up on. */
  close(): void;
}

/**
 * Reads connections before node:http does, as long as each of their reads is one plain request that `answer` takes:
 * then a request costs what its two system calls cost (decision 0021). With the first that is anything else (another
 * route, a body, half a request, a second one before the first has its answer) the connection and these bytes go to
 * node:http, for good. So nothing is ever parsed here that could be understood in two ways.
 */
export function answerPlainly(server: Server, answer: AnswerPlainly): PlainConnections {
  const takeOver = server.listeners("connection") as ((socket: Socket) => void)[];
  server.removeAllListeners("connection");
  const open = new Set<PlainConnection>();
  const together = createOutbox();
  let isClosing = false;

  server.on("connection", (socket: Socket) => {
    const connection = attend(socket, {
      answer,
      together,
      idleMilliseconds: { first: server.headersTimeout, later: server.keepAliveTimeout },
      isClosing: () => isClosing,
      released(unread) {
        open.delete(connection);
        if (unread === null) return;
        socket.pause();
        socket.unshift(unread);
        for (const listener of takeOver) listener.call(server, socket);
        socket.resume();
      },
    });
    open.add(connection);
  });

  return {
    close() {
      isClosing = true;
      for (const connection of open) connection.hangUpIfIdle();
    },
  };
}

interface PlainConnection {
  hangUpIfIdle(): void;
}

interface Terms {
  readonly answer: AnswerPlainly;
  readonly together: (send: () => void) => void;
  /** How long it may be silent before its first request, and between two. An answer is out long before. */
  readonly idleMilliseconds: { readonly first: number; readonly later: number };
  readonly isClosing: () => boolean;
  /** With what was read and not answered; null: the connection has ended. */
  readonly released: (unread: Buffer | null) => void;
}

function attend(socket: Socket, { answer, together, idleMilliseconds, isClosing, released }: Terms): PlainConnection {
  const keepAlive = ["connection: keep-alive", `keep-alive: timeout=${Math.floor(idleMilliseconds.later / 1_000)}`];
  /** From a request until its answer is on its way. */
  let isAnswering = false;
  /** Came before the answer to what came before it. */
  let early: Buffer | null = null;
  let isLast = false;

  const release = (unread: Buffer | null) => {
    socket.off("data", read).off("end", end).off("timeout", hangUp).off("error", ignore).off("close", closed);
    socket.setTimeout(0);
    released(unread);
  };
  const closed = () => release(null);
  const hangUp = () => void socket.destroy();
  const end = () => {
    isLast = true;
    if (!isAnswering) socket.end();
  };

  const send = (answered: PlainAnswer) => {
    if (socket.destroyed) return;
    isLast ||= isClosing();
    const text = textOfAnswer(answered, [`date: ${httpDate()}`, ...(isLast ? ["connection: close"] : keepAlive)]);
    if (isLast) socket.end(text);
    else if (socket.write(text)) ready();
    // Whoever does not read their answers is asked nothing more until they do.
    else socket.once("drain", ready);
  };
  const ready = () => {
    isAnswering = false;
    if (socket.timeout !== idleMilliseconds.later) socket.setTimeout(idleMilliseconds.later);
    if (early !== null) release(early);
    else if (isLast) socket.end();
  };

  const read = (bytes: Buffer) => {
    if (isAnswering) {
      early = early === null ? bytes : Buffer.concat([early, bytes]);
      socket.pause();
      return;
    }
    const request = readPlainRequest(bytes);
    const answering = request === null ? null : answer(request, socket);
    if (answering === null) return release(bytes);
    isAnswering = true;
    void answering.then((answered) => together(() => send(answered)));
  };

  socket.setTimeout(idleMilliseconds.first);
  socket.on("data", read).on("end", end).on("timeout", hangUp).on("error", ignore).on("close", closed);
  return {
    hangUpIfIdle() {
      if (!isAnswering) hangUp();
    },
  };
}

/**
 * When all requests that have arrived are worked on, their answers leave together. A send wakes whoever waits for it, and
 * on a machine that it shares with us a wake-up costs as much as the rest of the call: this way most find them awake.
 */
function createOutbox(): Terms["together"] {
  let waiting: (() => void)[] = [];
  const sendAll = () => {
    const sends = waiting;
    waiting = [];
    for (const send of sends) send();
  };
  return (send) => {
    if (waiting.push(send) === 1) setImmediate(sendAll);
  };
}

/** "close" follows. */
const ignore = () => undefined;

let second = 0;
let dateOfSecond = "";

/** Made once a second. */
function httpDate(): string {
  const now = Date.now();
  if (now - second >= 1_000 || now < second) {
    second = now - (now % 1_000);
    dateOfSecond = new Date(second).toUTCString();
  }
  return dateOfSecond;
}
