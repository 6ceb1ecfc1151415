// The page: one state, one loop that asks for the next month after the last is drawn.
import { render } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Chart } from "./chart";
import { ClassPage, Desk, Dialog, Join, Named } from "./dialogs";
import { Facility } from "./facility";
import { checked, Lessons } from "./lessons";
import { CountyMap, layout } from "./map";
import { heldRows, lately, parted, type Frames } from "./model";
import { People, Whole } from "./people";
import { Rules } from "./rules";
import { Kept, Live, type Content, type Source, type Told } from "./source";
import { answer, GainLoss } from "./tiles";
import { Legend, Timeline } from "./timeline";
import { SIDES, type AtBoth, type Changes, type County, type Data, type Frame, type Lang, type Pair, type Place, type Results, type Side, type Story } from "./types";
import { date, lang, pick, say, speak, told, type Key } from "./words";

const SPEEDS: [Key, number][] = [["slow", 1300], ["normal", 550], ["fast", 90]];
const COLOURS: Record<Side, string> = { a: "#1b5e9b", b: "#b8480e" };
const LINES = ["near", "inside", "wait"];
const STORY = 5;
type Panel = "people" | "place" | "lesson";
const asked = new URLSearchParams(location.search).get("code");
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

function useSource(data: Data | undefined, kept: Content | null, ready: boolean, heard: (message: Told) => void, lost: (code: number) => void) {
  const source = useRef<Source>();
  useEffect(() => {
    if (!data || !ready || source.current) return;
    if (kept) {
      const local = new Kept(kept);
      source.current = local;
      local.start(heard);
    } else source.current = new Live(heard, lost);
  }, [data, ready]);
  return source;
}

function App({ kept }: { kept: Content | null }) {
  const [, redraw] = useState(0);
  const [data, setData] = useState<Data | undefined>(kept?.data);
  const [name, setName] = useState<string>();
  const [place, setPlace] = useState<Place>();
  const [changes, setChanges] = useState<Changes>({ sides: { a: [], b: [] }, code: "", back: 0, together: false });
  const frames = useRef<Frames>(new Map());
  const drawn = useRef<Pair>();
  const [month, setMonth] = useState(-1);
  const [running, setRunning] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [said, setSaid] = useState("");
  const [hover, setHover] = useState<Record<Side, string>>({ a: "", b: "" });
  const [lines, setLines] = useState(LINES);
  const [panel, setPanel] = useState<Panel>("lesson");
  const [row, setRow] = useState<number>();
  const [at, setAt] = useState<AtBoth>();
  const [family, setFamily] = useState<number>();
  const [around, setAround] = useState<number[]>([]);
  const [stories, setStories] = useState<Record<Side, Story>>();
  const [lesson, setLesson] = useState<string>();
  const [done, setDone] = useState<Set<string>>(new Set());
  const [open, setOpen] = useState<"" | "desk" | "class" | "story">("");
  const [county, setCounty] = useState<County>();
  const [results, setResults] = useState<Results>({});
  const [view, setView] = useState<Side>("b");
  const [ended, setEnded] = useState(false);
  const now = useRef({ month, changes, running, speed });
  now.current = { month, changes, running, speed };
  const live = !kept, door = data?.door;
  const student = !!door?.class && !door.teacher;

  useEffect(() => { if (live) void fetch("data.json").then((r) => r.json()).then(setData); }, []);
  useEffect(() => { document.documentElement.lang = lang() === "zh" ? "zh-CN" : "en"; document.title = say("title"); });

  const take = (next: Changes) => {
    const before = now.current.changes;
    const firsts = SIDES.map((side) => parted(before.sides[side], next.sides[side])).filter((m): m is number => m !== undefined);
    const first = Math.min(Infinity, ...firsts);
    for (const m of [...frames.current.keys()]) if (m >= first) frames.current.delete(m);
    now.current.changes = next;
    setChanges(next);
    if (live && next.back > 0 && !next.together) history.replaceState(null, "", `?lang=${lang()}&code=${next.code}`); // for a reload
    if (now.current.month >= first) void show(now.current.month);
  };

  const heard = (message: Told) => {
    if (message.t === "hello") {
      setPlace(message.place);
      setFamily(Object.values((message.place as Place).households)[0]);
    }
    else if (message.t === "changes") { take(message as unknown as Changes); void begin(); }
    else if (message.t === "county") void atCounty(message as unknown as County);
    else if (message.t === "results") setResults(message.results);
  };
  const source = useSource(data, kept, !door || (door.inside && (!student || !!name)), heard, () => { setRunning(false); setEnded(true); });
  const ask = (message: Told): Promise<Told> => source.current?.ask(message) ?? Promise.resolve({ t: "error", code: "lost" });
  const wrong = (reply: Told) => setSaid(reply.t === "error" ? say((["busy", "lost", "end", "needs_program"].includes(reply.code) ? reply.code : "failed") as Key) : "");

  const begin = async () => {
    if (name) await ask({ t: "name", name });
    if (asked && live) { const reply = await ask({ t: "take", code: asked }); if (reply.t === "changes" && !reply.wrong) take(reply as unknown as Changes); }
    const solved = live ? sessionStorage.getItem("solved") : null;
    if (solved) setDone(new Set(solved.split(" ")));
    await show(0);
  };

  const fetchMonth = async (m: number): Promise<boolean> => {
    if (frames.current.has(m)) return true;
    const before = now.current.changes;
    const reply = await ask({ t: "month", m });
    if (reply.t !== "frame") { wrong(reply); return false; }
    if (before === now.current.changes) frames.current.set(m, { a: reply.a, b: reply.b }); // else it is of rules that hold no more
    return frames.current.has(m);
  };

  const show = async (m: number): Promise<boolean> => {
    if (!(await fetchMonth(m))) return false;
    setSaid("");
    now.current.month = m;
    setMonth(m);
    redraw((n) => n + 1);
    return true;
  };

  const jump = async (m: number) => {
    setRunning(false);
    for (let each = Math.max(0, m - 11); each < m; each++) if (!(await fetchMonth(each))) return;
    await show(m);
  };

  useEffect(() => {
    if (!running) return;
    let on = true;
    const loop = async () => {
      while (on && now.current.running) {
        const start = performance.now(), next = now.current.month + 1;
        if (!data || next >= data.horizon || !(await show(next))) { setRunning(false); return; }
        await pause(Math.max(30, SPEEDS[now.current.speed][1] - (performance.now() - start)));
      }
    };
    void loop();
    return () => { on = false; };
  }, [running]);

  // Stories and facilities follow the months, a moment after these stop.
  useEffect(() => {
    if (!live || panel !== "people" || family === undefined || month < 0) return;
    let on = true;
    const later = setTimeout(async () => {
      const [a, b] = await Promise.all(SIDES.map((side) => ask({ t: "story", side, m: month, family, months: STORY })));
      if (on && a.t === "story" && b.t === "story") setStories({ a: a.story, b: b.story });
    }, running ? 400 : 60);
    return () => { on = false; clearTimeout(later); };
  }, [panel, family, running ? Math.floor(month / 6) : month, changes.code]);
  useEffect(() => {
    if (!live || panel !== "place" || row === undefined || month < 0) return;
    let on = true;
    const later = setTimeout(async () => {
      const reply = await ask({ t: "at", m: month, row });
      if (on && reply.t === "at") setAt(reply as unknown as AtBoth);
    }, running ? 300 : 40);
    return () => { on = false; clearTimeout(later); };
  }, [panel, row, running ? Math.floor(month / 3) : month, changes.code]);

  // A goal that is reached is noted once.
  useEffect(() => {
    if (!data || !place || !lesson || done.has(lesson)) return;
    const goals = checked(data, lesson, changes.sides, frames.current, month, place);
    if (!goals.every((goal) => goal.reached)) return;
    const next = new Set([...done, lesson]);
    setDone(next);
    setRunning(false);
    if (live) sessionStorage.setItem("solved", [...next].join(" "));
    void ask({ t: "solved", lesson, values: Object.fromEntries(goals.map(({ goal, value }) => [goal.what, value])) });
  }, [month]);

  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || (event.target as HTMLElement).closest("input, select, textarea, [role=tablist]")) return;
      const free = !(event.target as HTMLElement).closest("button, [role=button]");
      if (event.key === " " && free) { event.preventDefault(); setRunning((on) => !on); }
      else if (event.key === "ArrowRight" && free) void jump(Math.min(now.current.month + 1, (data?.horizon ?? 60) - 1));
      else if (event.key === "ArrowLeft" && free && now.current.month > 0) void jump(now.current.month - 1);
      else if (event.key === "u" && live) void undo();
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, [data]);

  const spots = useMemo(() => (place ? layout(place) : []), [place]);

  const choose = async (side: Side, key: string, option: string) => {
    const m = kept ? month + 1 : Math.min(month + 1, (data?.horizon ?? 60) - 1);
    const reply = await ask({ t: "set", side, key, option, m });
    if (reply.t === "changes") { take(reply as unknown as Changes); setSaid(""); } else wrong(reply);
  };
  const undo = async () => { const reply = await ask({ t: "undo" }); if (reply.t === "changes") take(reply as unknown as Changes); };
  const act = async (name: string, option: number | null) => {
    const reply = await ask({ t: "act", side: "b", row, act: name, option, m: month + 1 });
    if (reply.t === "changes") take(reply as unknown as Changes); else wrong(reply);
  };
  const beginLesson = async (id: string) => {
    const reply = await ask({ t: "lesson", lesson: id });
    if (reply.t !== "changes") return wrong(reply);
    setRunning(false);
    now.current.month = 2;
    take(reply as unknown as Changes);
    setDone((before) => new Set([...before].filter((each) => each !== id)));
    await jump(2);
    setLesson(id);
  };
  const pickRow = (which: number) => { setRow(which); setAt(undefined); setPanel("place"); };
  const familyHere = async () => {
    const reply = await ask({ t: "near", row });
    if (reply.t === "near" && reply.families.length) { setAround(reply.families); pickFamily(reply.families[0]); }
  };
  const pickFamily = (which: number) => { setStories(undefined); setFamily(which); setPanel("people"); };
  const atCounty = async (next: County) => {
    setCounty((before) => ({ ...before, ...next }));
    const reply = await ask({ t: "county", on: true });
    if (reply.sides) take(reply.sides as unknown as Changes);
    await jump(next.month);
  };
  const goCounty = async (on: boolean) => {
    const reply = await ask({ t: "county", on });
    if (reply.t !== "county") return wrong(reply);
    setLesson(undefined);
    setCounty(on ? (reply as unknown as County) : undefined);
    frames.current.clear();
    take(reply.sides as unknown as Changes);
    await jump(on ? reply.month : 0);
  };
  const hold = async () => {
    const reply = await ask({ t: "hold", row });
    if (reply.t !== "county") return wrong(reply);
    setCounty((before) => ({ ...before, ...(reply as unknown as County) }));
    if (!reply.got) setSaid(say("held"));
  };
  const advance = async () => {
    const reply = await ask({ t: "advance" });
    if (reply.t !== "county") return wrong(reply);
    setCounty((before) => ({ ...before, ...(reply as unknown as County) }));
    await jump(reply.month);
  };
  const speakOther = () => { speak(lang() === "en" ? "zh" : "en"); redraw((n) => n + 1); };

  if (data && door && !door.inside) return <Join onIn={() => location.reload()} />;
  if (data && student && !name) return <Named onName={setName} />;
  if (ended) return <div class="wait"><p>{say("lost")}</p><button class="small strong" onClick={() => location.reload()}>{say("reload")}</button></div>;
  const pair = frames.current.get(month) ?? drawn.current; // what was drawn last, until the month under new rules is there
  drawn.current = pair;
  if (!data || !place || !pair) {
    return <div class="wait" role="status"><div class="pulse" aria-hidden="true"></div><p><b>{say("waiting")}</b></p><p class="soft">{say("waiting_more")}</p><p>{said}</p></div>;
  }

  const { sides } = changes;
  const head = Math.max(month, ...frames.current.keys());
  const marks = SIDES.flatMap((side) => sides[side].map(([m]) => ({ side, month: m })));
  const since = parted(sides.a, sides.b);
  const recent = (side: Side): Frame[] => lately(frames.current, month, 0, 3).map((each) => each[side]);
  const mayRule = (side: Side) => (control: string) =>
    live ? !county || !!door?.teacher : side === "b" && !!kept && kept.varied.includes(control);
  const holder = row !== undefined ? county?.holders[row] : undefined;
  const iHold = !county || (holder !== undefined && holder === county.name);
  return (
    <>
      <header class="top">
        <h1 class={door?.class ? "sr" : ""}>{say("title")}</h1>
        <p class="date" role="status" aria-live="off">{date(data.start, month)}</p>
        <div class="row">
          {county && !door?.teacher ? null : county ? <button class="main" onClick={advance}>{say("pass")}</button> : (
            <>
              <button class="main" aria-pressed={running} onClick={() => setRunning(!running)} disabled={month >= data.horizon - 1}>{say(running ? "pause" : "run")}</button>
              <button onClick={() => jump(month + 1)} disabled={running || month >= data.horizon - 1}>{say("step")}</button>
            </>
          )}
          {live && !(county && student) && <button onClick={undo} disabled={changes.back === 0}>{say("undo")}</button>}
          {since !== undefined && <button onClick={() => jump(Math.max(0, since - 1))}>{say("reform")}</button>}
          {!county && <span class="buttons speeds" role="group" aria-label={say("speed")}>
            {SPEEDS.map(([key], n) => <button key={key} aria-pressed={speed === n} onClick={() => setSpeed(n)}>{say(key)}</button>)}
          </span>}
          {live && door?.class && <button onClick={() => goCounty(!county)}>{say(county ? "together_leave" : "together")}</button>}
          {live && door?.class && door.teacher && <button onClick={async () => { const reply = await ask({ t: "results" }); setResults(reply.results ?? {}); setOpen("class"); }}>{say("teacher")}</button>}
          {live && <button onClick={() => setOpen("desk")}>{say("more")}</button>}
          <button lang={lang() === "en" ? "zh-CN" : "en"} onClick={speakOther}>{say("other")}</button>
        </div>
      </header>
      <Timeline data={data} month={month} head={head} marks={marks} free={!county || !!door?.teacher} onMonth={jump} />
      <div class="pick" role="group" aria-label={say("rules")}>
        {SIDES.map((side) => <button key={side} class={side} aria-pressed={view === side} onClick={() => setView(side)}>{say("rules")} {side.toUpperCase()}</button>)}
      </div>
      <div class="two">
        {SIDES.map((side) => (
          <section key={side} class={`card ${side}${view === side ? " viewed" : ""}`} aria-label={`${say("rules")} ${side.toUpperCase()}`}>
            <div class="head"><span class="letter" aria-hidden="true">{side.toUpperCase()}</span>
              <Rules data={data} side={side} history={sides[side]} month={month} may={mayRule(side)} free={(control) => !!kept && kept.varied.includes(control)} onSet={(key, option) => choose(side, key, option)} onHover={(text) => setHover((h) => ({ ...h, [side]: text }))} />
            </div>
            <CountyMap side={side} place={place} spots={spots} frame={pair[side]} recent={recent(side)} moving={running} chosen={panel === "place" ? row : undefined}
              held={heldRows(sides[side], month + 1)} colour={COLOURS[side]} onPick={pickRow} onHover={(text) => setHover((h) => ({ ...h, [side]: text }))} />
            <p class="hover">{hover[side] || `${place.tier.filter((t) => t === 1).length} ${say("townships")}${pick(", ", "，")}${place.tier.filter((t) => t === 0).length} ${say("villages")}`}</p>
          </section>
        ))}
      </div>
      <div class="answer">
        <p class="sentence" role="status" aria-live="polite">{said || answer(frames.current, month, place, since)}</p>
        <Legend />
      </div>
      <div class="tiles">
        {lines.map((what, n) => <Chart key={n} data={data} what={what} frames={frames.current} month={month} marks={marks} onWhat={(next) => setLines(lines.map((each, k) => (k === n ? next : each)))} />)}
        <GainLoss frames={frames.current} month={month} place={place} since={since} />
        <section class="tile side" aria-label={say(panel)}>
          <div class="tabs" role="group">
            {(["lesson", "people", "place"] as Panel[]).map((each) => <button key={each} aria-pressed={panel === each} onClick={() => setPanel(each)}>{say(each)}</button>)}
          </div>
          <div class="scroll" tabIndex={0} role="region" aria-label={say(panel)}>
            {panel === "people" && <People data={data} place={place} stories={stories} family={family} live={live} waiting={family !== undefined}
              around={around.includes(family ?? -1)} onFamily={(which) => { setAround([]); pickFamily(which); }} onMore={() => setOpen("story")}
              onAnother={around.length > 1 ? () => pickFamily(around[(around.indexOf(family ?? 0) + 1) % around.length]) : undefined} />}
            {panel === "place" && (row === undefined ? <p class="soft">{say("pick_place")}{county && <><br />{say("together_about")}</>}</p> : (
              <Facility data={data} place={place} row={row} at={at} sides={sides} month={month} live={live} mayHold={iHold} mayAct={live && iHold} holder={holder}
                onAct={act} onFamily={familyHere} onHold={county && !holder ? hold : undefined} />))}
            {panel === "lesson" && <Lessons data={data} sides={sides} frames={frames.current} month={month} place={place} lesson={lesson} done={done} live={live && !county} onBegin={beginLesson} onLeave={() => setLesson(undefined)} />}
          </div>
        </section>
      </div>
      {open === "desk" && <Desk data={data} code={changes.code} month={month} lang={lang()} ask={ask} onTaken={(reply) => { take(reply as unknown as Changes); void jump(Math.min(head, month)); }} onClose={() => setOpen("")} onTeacher={door?.teacher ? () => setOpen("class") : undefined} onReset={async () => { const reply = await ask({ t: "reset" }); if (reply.t === "changes") { take(reply as unknown as Changes); setLesson(undefined); await jump(0); } }} />}
      {open === "class" && <ClassPage data={data} results={results} onClose={() => setOpen("")} />}
      {open === "story" && stories && <Dialog title={told(Object.entries(place.households).filter(([, f]) => f === family).map(([key]) => data.households[key].label)[0] ?? { en: "A family", zh: "一个家庭" })} onClose={() => setOpen("")}><Whole data={data} place={place} stories={stories} /></Dialog>}
    </>
  );
}

const wanted = new URLSearchParams(location.search).get("lang") ?? navigator.language;
speak(wanted.startsWith("zh") ? "zh" : ("en" satisfies Lang));
const inPage = document.getElementById("kept")?.textContent;
render(<App kept={inPage ? (JSON.parse(inPage) as Content) : null} />, document.getElementById("app")!);
