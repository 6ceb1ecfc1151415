// A family: who they are, what happened to them lately under A and under B, and why they went where they went.
import { nameOf } from "./map";
import type { Choice, Data, Episode, Place, Side, Story } from "./types";
import { comma, date, pick, plain, say, term, told } from "./words";

const REFILL = 1;

export function whoIs(story: Story): string {
  const ages = story.members.map((m) => m.age).join(comma());
  const ill = story.members.some((m) => m.pressure >= 2), sugar = story.members.some((m) => m.sugar >= 2);
  const parts = [
    story.urban ? pick("in town", "城镇") : pick("in a village", "农村"),
    pick(`${story.members.length} ${story.members.length > 1 ? "people" : "person"}, aged ${ages}`, `${story.members.length}口人，年龄${ages}岁`),
  ];
  if (ill) parts.push(pick("hypertension", "有高血压"));
  if (sugar) parts.push(pick("diabetes", "有糖尿病"));
  if (story.poor) parts.push(pick("on relief", "低保家庭"));
  parts.push(pick(`${plain(story.income)} yuan a year`, `年收入${plain(story.income)}元`));
  return parts.join(pick(", ", "，"));
}

export function happened(place: Place, episode: Episode): string {
  const who = pick(episode.sex ? "She" : "He", episode.sex ? "她" : "他");
  const group = place.groups[episode.group] ? told(place.groups[episode.group]) : episode.group;
  const name = (row: number) => nameOf(place, row);
  const what = episode.kind === REFILL ? pick("needs a prescription", "要开药") : pick(`has: ${group}`, `得了${group}`);
  let text = pick(`${who}, ${episode.age}, ${what}.`, `${who}（${episode.age}岁）${what}，`);
  if (episode.seen >= 0) {
    const why = episode.why, reasons = why?.for.slice(0, 2).map((each) => term(each, true)).join(comma());
    const same = episode.seen === episode.first;
    text += pick(` Goes to ${name(episode.seen)}`, `去了${name(episode.seen)}`);
    if (same && why && reasons) text += pick(` (rather than ${name(why.rival)}: ${reasons})`, `（比${name(why.rival)}：${reasons}）`);
    text += pick(".", "。");
  } else if (episode.admitted < 0) text += pick(" Stays at home.", "没有就医。");
  if (episode.referred >= 0) text += pick(` Is sent up to ${name(episode.referred)}.`, `被上转到${name(episode.referred)}。`);
  if (episode.admitted >= 0) text += pick(` ${episode.days} days in bed at ${name(episode.admitted)}.`, `在${name(episode.admitted)}住院${episode.days}天。`);
  if (episode.moved_to >= 0) text += pick(` Then ${episode.tail} days at ${name(episode.moved_to)}.`, `随后转到${name(episode.moved_to)}再住${episode.tail}天。`);
  if (episode.paid + episode.fund + episode.others > 0) {
    text += pick(` The family pays ¥${plain(episode.paid)}, insurance ¥${plain(episode.fund)}`, `家庭付${plain(episode.paid)}元，医保付${plain(episode.fund)}元`);
    if (episode.others > 0) text += pick(`, others ¥${plain(episode.others)}`, `，其他付${plain(episode.others)}元`);
    text += pick(".", "。");
  }
  return text;
}

/** The episode to tell first: the dearest of the last months. */
export function latest(story: Story): { month: string; episode: Episode } | undefined {
  const all = story.months.flatMap((m) => m.episodes.map((episode) => ({ month: m.month, episode })));
  const seen = all.filter(({ episode }) => episode.seen >= 0 || episode.admitted >= 0);
  return seen.at(-1) ?? all.at(-1);
}

export const monthOf = (data: Data, label: string): string => {
  const [year, month] = label.split("-").map(Number);
  return date(data.start, (year - data.start[0]) * 12 + month - data.start[1]);
};

type Props = {
  data: Data; place: Place; stories: Record<Side, Story> | undefined; family: number | undefined; live: boolean; waiting: boolean; around: boolean;
  onFamily: (family: number) => void; onMore: () => void; onAnother: (() => void) | undefined;
};

export function People({ data, place, stories, family, live, waiting, around, onFamily, onMore, onAnother }: Props) {
  return (
    <div class="people">
      <div class="gallery">
        <select aria-label={say("choose_family")} value={around ? "here" : family} disabled={!live} onChange={(event) => onFamily(Number((event.target as HTMLSelectElement).value))}>
          {around && <option value="here">{say("here")}</option>}
          {Object.entries(place.households).map(([name, row]) => <option key={name} value={row}>{told(data.households[name].label)}</option>)}
        </select>
        {onAnother && <button class="small" onClick={onAnother}>{say("another")}</button>}
      </div>
      {!live && <p class="soft">{say("needs_program")}</p>}
      {waiting && !stories && <p class="soft">…</p>}
      {stories && <p class="soft who">{whoIs(stories.b)}</p>}
      {stories && (["a", "b"] as Side[]).map((side) => {
        const last = latest(stories[side]);
        return (
          <p class="story" key={side}>
            <b class={side}>{side.toUpperCase()}</b> {last ? <><span class="soft">{monthOf(data, last.month)}</span> {happened(place, last.episode)}</> : say("nobody_ill")}
          </p>
        );
      })}
      {stories && <button class="link" onClick={onMore}>{pick("All that happened, and why", "发生的一切与原因")}</button>}
    </div>
  );
}

/** Every episode of the last months, with the options that were weighed. */
export function Whole({ data, place, stories }: { data: Data; place: Place; stories: Record<Side, Story> }) {
  return (
    <div class="whole">
      <p>{whoIs(stories.b)}</p>
      <p class="soft">{pick("Utility is how good a place looks to the family, all in all: skill, price, way, wait, habit and trust added up. The higher it is, the likelier they go there.", "效用是家庭对每个去处的总体打分：医术、价格、路程、候诊、习惯和信任加在一起。分数越高，去的可能越大。")}</p>
      <div class="sides">
        {(["a", "b"] as Side[]).map((side) => (
          <section key={side}>
            <h3 class={side}>{side.toUpperCase()}</h3>
            {stories[side].months.slice().reverse().map((m) => (
              <div key={m.month}>
                <h4>{monthOf(data, m.month)} <span class="soft">{pick(`paid ¥${plain(m.paid_year)} this year, trust in primary care ${m.trust}`, `今年已付${plain(m.paid_year)}元，对基层的信任${m.trust}`)}</span></h4>
                {m.episodes.length === 0 && <p class="soft">{say("nobody_ill")}</p>}
                {m.episodes.map((episode, n) => (
                  <div key={n}>
                    <p>{happened(place, episode)} {episode.why && episode.seen === episode.first && episode.why.against.length > 0 && <span class="soft">{pick("Against it: ", "不利之处：")}{episode.why.against.map((each) => term(each, false)).join(comma())}{pick(".", "。")}</span>}</p>
                    {episode.options.length > 0 && <Weighed place={place} episode={episode} />}
                  </div>
                ))}
              </div>
            ))}
          </section>
        ))}
      </div>
    </div>
  );
}

function Weighed({ place, episode }: { place: Place; episode: Episode }) {
  const cells: [string, (option: Choice) => string][] = [
    [pick("way, min", "路程（分）"), (o) => plain(o.minutes)],
    [pick("wait, h", "候诊（时）"), (o) => plain(o.wait, 1)],
    [pick("price, ¥", "价格（元）"), (o) => plain(o.price)],
    [pick("cure", "治好"), (o) => (o.chance === null ? "" : `${plain(100 * o.chance)} %`)],
    [pick("utility", "效用"), (o) => plain(o.utility, 2)],
    [pick("likely", "可能性"), (o) => `${plain(100 * o.drawn)} %`],
  ];
  return (
    <table class="weighed">
      <thead><tr><th scope="col">{pick("could go to", "可去")}</th>{cells.map(([head]) => <th scope="col" key={head}>{head}</th>)}</tr></thead>
      <tbody>
        {episode.options.map((option) => (
          <tr key={option.place} class={option.place === episode.first ? "drawn" : ""}>
            <th scope="row">{nameOf(place, option.place)}{option.place === episode.first ? " ←" : ""}</th>
            {cells.map(([head, cell]) => <td key={head}>{cell(option)}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
