// The buttons of one side: four groups as tabs, two or three buttons a control.
import { useState } from "preact/hooks";
import { options } from "./model";
import type { Data, History, Side } from "./types";
import { say, told } from "./words";

type Props = {
  data: Data; side: Side; history: History; month: number; may: (name: string) => boolean; free: (name: string) => boolean;
  onSet: (name: string, option: string) => void; onHover: (text: string) => void;
};

export function Rules({ data, side, history, month, may, free, onSet, onHover }: Props) {
  const groups = Object.keys(data.controls.groups);
  const [group, setGroup] = useState(groups[0]);
  const now = options(data, history, month + 1), controls = data.controls.controls;
  const changed = (each: string) => Object.entries(controls).some(([name, control]) => control.group === each && now[name] !== control.options[0].key);
  const keys = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    const next = groups[(groups.indexOf(group) + step + groups.length) % groups.length];
    setGroup(next);
    document.getElementById(`tab-${side}-${next}`)?.focus();
  };
  return (
    <div class="rules">
      <div class="tabs" role="tablist" aria-label={`${say("rules")} ${side.toUpperCase()}`} onKeyDown={keys}>
        {groups.map((each) => (
          <button key={each} id={`tab-${side}-${each}`} role="tab" aria-selected={each === group} aria-controls={`panel-${side}`} tabIndex={each === group ? 0 : -1} onClick={() => setGroup(each)}>
            {told(data.controls.groups[each])}{changed(each) && <span class={`dot ${side}`} title="•"></span>}
          </button>
        ))}
      </div>
      <div class="controls" role="tabpanel" id={`panel-${side}`} aria-labelledby={`tab-${side}-${group}`}>
        {Object.entries(controls).filter(([, control]) => control.group === group).map(([name, control]) => {
          const off = control.needs !== undefined && !free(name) && control.needs.without.includes(now[control.needs.control]);
          const label = off ? `${told(control.label)} (${told(control.needs!)})` : told(control.label);
          return (
            <div class={`control${off ? " off" : ""}`} key={name} role="group" aria-label={label} title={told(control.about)}
              onMouseEnter={() => onHover(told(control.about))} onMouseLeave={() => onHover("")}>
              <span class="label">{label}</span>
              <span class="buttons">
                {control.options.map((option) => (
                  <button key={option.key} class={side} data-control={name} data-option={option.key} aria-pressed={now[name] === option.key} disabled={off || !may(name)}
                    onClick={() => onSet(name, option.key)} onFocus={() => onHover(told(control.about))} onBlur={() => onHover("")}>{told(option)}</button>
                ))}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
