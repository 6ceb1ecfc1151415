// What opens over the page: to the desk, the class, the way in.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Told } from "./source";
import type { Data, Results } from "./types";
import { pick, say, told, type Key } from "./words";

export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => { element.current?.showModal(); }, []);
  return (
    <dialog ref={element} aria-label={title} onClose={onClose} onClick={(event) => event.target === element.current && onClose()}>
      <header><h2>{title}</h2><button class="small" onClick={onClose}>{say("close")}</button></header>
      <div class="body">{children}</div>
    </dialog>
  );
}

function save(name: string, text: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

type DeskProps = { data: Data; code: string; month: number; lang: string; ask: (message: Told) => Promise<Told>; onTaken: (answer: Told) => void; onClose: () => void; onReset: () => void; onTeacher: (() => void) | undefined };

export function Desk({ data, code, month, lang, ask, onTaken, onClose, onReset, onTeacher }: DeskProps) {
  const [said, setSaid] = useState<ComponentChildren>("");
  const [typed, setTyped] = useState("");
  const file = useRef<HTMLInputElement>(null);
  const error = (answer: Told) => setSaid(say((["busy", "lost"].includes(answer.code) ? answer.code : "failed") as Key));
  const made = async (t: string, wait: Key) => {
    setSaid(say(wait));
    const answer = await ask({ t, m: month, lang });
    if (answer.t === "error") return error(answer);
    setSaid(<span class="row"><a class="small strong" href={answer.path} target="_blank" rel="noreferrer">{say("open")}</a><a class="small" href={`${answer.path}?save`}>{say("download")}</a></span>);
  };
  const taken = (answer: Told) => {
    if (answer.t === "error") return error(answer);
    if (answer.wrong === "code") return setSaid(say("code_bad"));
    if (answer.wrong) {
      const [families, seed] = String(answer.wrong).split(" ");
      return setSaid(<>{say("code_other")} <code>tiercare demo --families {families} --seed {seed}</code></>);
    }
    if (answer.t === "opened") return setSaid(answer.errors.length ? <ul>{answer.errors.map((each: string) => <li key={each}>{each}</li>)}</ul> : say("opened_ok"));
    onTaken(answer);
    onClose();
  };
  return (
    <Dialog title={say("more")} onClose={onClose}>
      <form class="row" onSubmit={async (event) => {
        event.preventDefault();
        const chosen = (event.target as HTMLFormElement).querySelector("select")!.value;
        taken(await ask({ t: "programme", programme: chosen, m: month + 1 }));
      }}>
        <label for="programme">{say("programme")}</label>
        <select id="programme">{Object.entries(data.programmes).map(([name, each]) => <option key={name} value={name}>{told(each.title)}</option>)}</select>
        <button class="small">{say("in_force")}</button>
      </form>
      <p class="soft">{say("code")}</p>
      <p class="row"><code class="code">{code}</code>
        <button class="small" onClick={async () => {
          const link = `${location.origin}/?code=${encodeURIComponent(code)}`;
          try { await navigator.clipboard.writeText(link); setSaid(say("copied")); } catch { setSaid(<code>{link}</code>); }
        }}>{say("link")}</button></p>
      <form class="row" onSubmit={async (event) => { event.preventDefault(); taken(await ask({ t: "take", code: typed })); }}>
        <input aria-label={say("code")} value={typed} maxLength={1500} onInput={(event) => setTyped((event.target as HTMLInputElement).value)} />
        <button class="small">{say("code_open")}</button>
      </form>
      <p class="row">
        <button class="small" onClick={async () => { const answer = await ask({ t: "yaml" }); if (answer.t === "error") error(answer); else save("classroom.yaml", answer.text); }}>{say("save_yaml")}</button>
        <button class="small" onClick={() => file.current?.click()}>{say("open_yaml")}</button>
        <button class="small" onClick={() => made("report", "report_wait")}>{say("report")}</button>
        <button class="small" onClick={() => made("page", "one_page_wait")}>{say("one_page")}</button>
        <button class="small" onClick={() => { onReset(); onClose(); }}>{say("reset")}</button>
        {onTeacher && <button class="small" onClick={onTeacher}>{say("for_teachers")}</button>}
        <input ref={file} type="file" accept=".yaml,.yml" class="sr" aria-label={say("open_yaml")} tabIndex={-1} onChange={async () => {
          const chosen = file.current?.files?.[0];
          if (chosen) taken(chosen.size > 60000 ? { t: "opened", errors: ["60 kB"] } : await ask({ t: "open", text: await chosen.text() }));
        }} />
      </p>
      <div role="status" class="said">{said}</div>
    </Dialog>
  );
}

type ClassProps = { data: Data; results: Results; onClose: () => void };

export function ClassPage({ data, results, onClose }: ClassProps) {
  const ids = Object.keys(data.lessons), names = Object.keys(results).sort();
  const options = (solution: Record<string, string>) => Object.entries(solution).map(([name, key]) => {
    const control = data.controls.controls[name];
    return `${told(control.label)}: ${told(control.options.find((each) => each.key === key)!)}`;
  }).join(pick("; ", "；"));
  return (
    <Dialog title={say("teacher")} onClose={onClose}>
      {data.door?.code && <p class="door">{say("class_address")} {data.door.addresses?.map((each) => <b key={each}>{each} </b>)}{say("class_code")} <b class="big">{data.door.code}</b></p>}
      {names.length === 0 ? <p>{say("nobody")}</p> : (
        <table class="class"><thead><tr><th scope="col">{say("student")}</th>{ids.map((id, n) => <th scope="col" key={id} title={told(data.lessons[id].title)}>{n + 1}</th>)}<th scope="col">{pick("design", "设计的县")}</th></tr></thead>
          <tbody>{names.map((name) => (
            <tr key={name}><th scope="row">{name}</th>{ids.map((id) => <td key={id}>{results[name][id] ? "✓" : ""}</td>)}
              <td>{results[name].design && <><code>{results[name].design.code}</code> {Object.entries(results[name].design.values).map(([what, value]) => `${data.series[what] ? told(data.series[what].label) : what} ${Math.abs(value) < 1 ? (100 * value).toFixed(1) + " %" : value.toFixed(0)}`).join(", ")}</>}</td></tr>
          ))}</tbody></table>
      )}
      <ol class="solutions">
        {ids.map((id) => <li key={id}><b>{told(data.lessons[id].title)}</b> {say("solution")}: {options(data.lessons[id].solution)}{pick(". ", "。")}<span class="soft">{told(data.lessons[id].explain)}</span></li>)}
      </ol>
    </Dialog>
  );
}

export function Join({ onIn }: { onIn: () => void }) {
  const [code, setCode] = useState(""), [said, setSaid] = useState("");
  return (
    <form class="join" onSubmit={async (event) => {
      event.preventDefault();
      const answer = await fetch("join", { method: "POST", body: JSON.stringify({ code }) });
      if (answer.ok) onIn();
      else setSaid(say(answer.status === 429 ? "join_slow" : "join_wrong"));
    }}>
      <h1>{say("join")}</h1>
      <label>{say("join_code")} <input value={code} maxLength={12} autocomplete="off" autocapitalize="characters" onInput={(event) => setCode((event.target as HTMLInputElement).value)} /></label>
      <button class="small strong">{say("go")}</button>
      <p role="status">{said}</p>
    </form>
  );
}

export function Named({ onName }: { onName: (name: string) => void }) {
  const [name, setName] = useState("");
  return (
    <form class="join" onSubmit={(event) => { event.preventDefault(); if (name.trim()) onName(name.trim()); }}>
      <h1>{say("join")}</h1>
      <label>{say("name")} <input value={name} maxLength={24} onInput={(event) => setName((event.target as HTMLInputElement).value)} /></label>
      <button class="small strong">{say("go")}</button>
    </form>
  );
}
