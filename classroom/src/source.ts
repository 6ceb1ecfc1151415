// Where months come from: the server's socket, or what is kept in a page of its own.
import type { Data, Pair, Place, Side, Sides } from "./types";

export type Told = Record<string, any>;
export interface Source {
  readonly live: boolean;
  ask(message: Told): Promise<Told>;
}
type Listener = (message: Told) => void;

export class Live implements Source {
  readonly live = true;
  private socket!: WebSocket;
  private number = 0;
  private waiting = new Map<number, (message: Told) => void>();

  constructor(private heard: Listener, private lost: (code: number) => void) {
    this.open();
  }

  private open() {
    this.socket = new WebSocket(`ws://${location.host}/live`);
    this.socket.onmessage = (event) => {
      const message = JSON.parse(event.data as string) as Told;
      const answer = typeof message.n === "number" ? this.waiting.get(message.n) : undefined;
      if (answer) {
        this.waiting.delete(message.n);
        answer(message);
      } else this.heard(message);
    };
    this.socket.onclose = (event) => {
      for (const answer of this.waiting.values()) answer({ t: "error", code: "lost" });
      this.waiting.clear();
      this.lost(event.code);
    };
  }

  ask(message: Told): Promise<Told> {
    const n = ++this.number;
    return new Promise((resolve) => {
      if (this.socket.readyState !== WebSocket.OPEN) return resolve({ t: "error", code: "lost" });
      this.waiting.set(n, resolve);
      this.socket.send(JSON.stringify({ ...message, n }));
    });
  }
}

export type Content = {
  place: Place; sides: Sides; code: string; lived: Record<string, any[]>; varied: string[]; from: number; data: Data;
};

/** Months that were lived ahead: sides A and B as they were, and B under every option of the varied controls. */
export class Kept implements Source {
  readonly live = false;
  private word = "b";
  private chosen: Record<string, string> = {};

  constructor(private content: Content) {
    for (const [, what] of content.sides.b) for (const [name, option] of what) this.chosen[name] = String(option);
    for (const name of content.varied) this.chosen[name] ??= content.data.controls.controls[name].options[0].key;
  }

  get months(): number {
    return this.content.lived.b.length;
  }

  private changes(): Told {
    const { sides, code, varied, from } = this.content;
    const b = this.word === "b" ? sides.b : [
      ...sides.b.filter(([when]) => when < from),
      [from, [...varied.map((name) => [name, this.chosen[name]]), ["team", this.chosen.budget === "none" ? "none" : "truly"]]],
    ];
    return { t: "changes", sides: { a: sides.a, b }, code, back: 0, together: false };
  }

  start(heard: Listener) {
    heard({ t: "hello", place: this.content.place });
    heard(this.changes());
  }

  async ask(message: Told): Promise<Told> {
    const { lived, varied } = this.content;
    if (message.t === "month") {
      if (message.m >= this.months) return { t: "error", code: "end" };
      const pair = { a: lived.a[message.m], b: lived[this.word][message.m] } as Pair;
      return { t: "frame", m: message.m, ...pair };
    }
    if (message.t === "set" && (message.side as Side) === "b" && varied.includes(message.key)) {
      this.chosen[message.key] = message.option;
      this.word = varied.map((name) => this.chosen[name]).join(".");
      return this.changes();
    }
    return { t: "error", code: "needs_program" };
  }
}
