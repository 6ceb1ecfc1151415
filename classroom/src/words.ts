// What the page says, in both languages. Chinese is written, not translated.
import type { Both, Lang } from "./types";

const texts = {
  title: ["One county, two sets of rules", "同一个县，两套规则"],
  run: ["Run", "运行"], pause: ["Pause", "暂停"], step: ["One month", "走一个月"], undo: ["Undo", "撤销"],
  reform: ["To the change", "回到改革"], slow: ["slow", "慢"], normal: ["normal", "中"], fast: ["fast", "快"],
  speed: ["Speed", "速度"], more: ["More", "更多"], close: ["Close", "关闭"], other: ["中文", "English"],
  rules: ["Rules", "规则"], month: ["Month", "月份"],
  waiting: ["The county is being built…", "正在生成县城……"],
  waiting_more: ["Three years are lived before the first month, so that everybody has habits. On the very first start the program is compiled, which takes a minute or two.", "先让居民生活三年，形成就医习惯。第一次启动还要编译程序，需要一两分钟。"],
  lost: ["The connection has ended. Reload the page to go on.", "连接已断开，请刷新页面继续。"],
  reload: ["Reload", "刷新"],
  busy: ["Many are asking just now; try again in a moment.", "现在请求较多，请稍后再试。"],
  failed: ["That did not work. The terminal of the teacher says why.", "没有成功，原因见教师的终端。"],
  needs_program: ["Not on this page: it needs the program.", "本页不能操作，须用程序打开。"],
  end: ["This page ends here.", "本页到此为止。"],
  walk: ["straight to hospital", "直接去医院"], up: ["sent up", "上转"], down: ["sent down", "下转"],
  earns: ["earns", "盈余"], loses: ["loses", "亏损"], full: ["how full", "有多满"],
  city: ["City hospital", "市级医院"], outside: ["outside the county", "县外"], hospital: ["County hospital", "县医院"],
  townships: ["township centres", "家乡镇卫生院"], villages: ["village clinics", "个村卫生室"],
  who: ["Who gains, who loses", "谁得益，谁受损"], who_unit: ["B against A, yuan per resident and year", "B比A，每位居民每年（元）"],
  families: ["Families", "家庭"], poorest: ["poorest fifth", "最穷的五分之一"], richest: ["richest fifth", "最富的五分之一"],
  stations: ["Village clinics", "村卫生室"], centres: ["Townships", "乡镇卫生院"], county: ["County hospital", "县医院"],
  insurance: ["Insurance", "医保基金"], public: ["Government", "财政与单位"], suppliers: ["Drugs, tests, wages", "药品检查人力"],
  who_none: ["Change a rule of B and let a year pass.", "修改B的一条规则，再走一年。"],
  same: ["A and B live under the same rules. Change one of B, then run.", "A和B现在规则相同。改一条B的规则，然后运行。"],
  soon: ["B has new rules. Let some months pass.", "B的规则已改，再走几个月看看。"],
  nothing: ["Under B little has changed so far.", "到目前为止，B没有明显变化。"],
  people: ["Families", "家庭"], place: ["Facility", "机构"], lesson: ["Lesson", "练习"],
  pick_place: ["Click a hospital, a township or a village on either map.", "点击地图上的医院、乡镇或村。"],
  pick_lesson: ["Eight lessons, easiest first.", "八个练习，由易到难。"],
  hint: ["Hint", "提示"], solved: ["Solved", "已完成"], next: ["Next lesson", "下一个练习"],
  all_lessons: ["All lessons", "全部练习"], leave: ["Leave lesson", "退出练习"],
  goal_wait: ["Wait until twelve months have passed since your change.", "改完规则后再走满十二个月。"],
  nobody_ill: ["Nobody was ill in these months.", "这几个月没有人生病。"],
  another: ["Another family here", "换一家"], families_here: ["A family here", "看看这里的一家"],
  you: ["You decide", "由你决定"], let_go: ["Let go", "交还"],
  your_model: ["the model's own", "模型自己"],
  visits: ["Visits this month", "本月门诊人次"], stays: ["Stays begun this month", "本月住院人次"],
  margin: ["Margin this month, 10,000 yuan", "本月结余（万元）"], year: ["Margin in a year, 10,000 yuan", "一年结余（万元）"],
  one_more: ["One more brings it, yuan", "多一例带来（元）"], so_it: ["So what it does", "于是它这样做"],
  programme: ["A programme, on B", "把一个方案用于B"], in_force: ["Put in force", "实施"],
  save_yaml: ["Save as YAML", "存为 YAML"], open_yaml: ["Open YAML", "打开 YAML"], link: ["Copy link", "复制链接"],
  code: ["Code of this county and its rules", "这个县和规则的代码"], code_open: ["Open code", "打开代码"], report: ["Make the report", "生成报告"],
  report_wait: ["Running both sides twice for the report. This takes a minute or so…", "正在把两套规则各运行两次，约需一分钟……"],
  one_page: ["Save as one page", "存为单个网页"], one_page_wait: ["Living nine variants ahead, a quarter of a minute…", "正在预先运行九种方案，约十几秒……"],
  download: ["Download", "下载"], open: ["Open", "打开"], reset: ["Start again", "从头开始"],
  opened_ok: ["This file is valid, but the buttons cannot show all that it says. Run it: tiercare run FILE", "文件有效，但按钮无法表示其中全部内容。请用 tiercare run 运行。"],
  code_bad: ["That is no code of a county.", "这不是有效的代码。"],
  code_other: ["That code is of another county. Start it with", "这个代码属于另一个县，请这样启动："],
  copied: ["Copied.", "已复制。"],
  join: ["Join the class", "加入课堂"], join_code: ["Join code", "课堂码"], name: ["Your name", "你的名字"], go: ["Come in", "进入"],
  join_wrong: ["That is not the code.", "课堂码不对。"], join_slow: ["Too many guesses. Wait a minute.", "试得太多，请等一分钟。"],
  for_teachers: ["For teachers", "教师页"], choose_family: ["Choose a household", "选一个家庭"], here: ["A family here", "这里的一家"],
  be: ["You be the director", "由你当院长"], teacher: ["The class", "全班"], class_address: ["Students open", "学生打开"], class_code: ["and type", "并输入课堂码"],
  nobody: ["Nobody has solved a lesson yet.", "还没有人完成练习。"], solution: ["A solution", "参考答案"], student: ["Student", "学生"],
  together: ["One county for all", "全班共管一县"], together_leave: ["My own county", "回到自己的县"],
  together_about: ["Everybody holds one facility of the same county B and decides for it each month; the teacher lets the months pass. A is the model's own.", "每人负责同一个县（B）里的一家机构，逐月做决定；由教师推进月份。A由模型自己决定。"],
  pass: ["Let a month pass", "推进一个月"], held_by: ["held by", "由其负责："], hold: ["Hold it", "由我负责"], held: ["This one is taken.", "已有人负责。"],
  compare: ["You", "你"],
  gallery: ["Households", "家庭"],
} satisfies Record<string, [string, string]>;

export type Key = keyof typeof texts;
let current: Lang = "en";
export const lang = () => current;
export const speak = (to: Lang) => { current = to; };
export const say = (key: Key): string => texts[key][current === "en" ? 0 : 1];
export const told = (both: Both): string => both[current];
export const pick = (en: string, zh: string): string => (current === "en" ? en : zh);

export function date(start: [number, number], month: number): string {
  const past = start[0] * 12 + start[1] - 1 + month;
  const year = Math.floor(past / 12), m = (past % 12) + 1;
  if (current === "zh") return `${year}年${m}月`;
  return `${new Date(Date.UTC(2000, m - 1, 1)).toLocaleString("en", { month: "long", timeZone: "UTC" })} ${year}`;
}

export const TERMS: Record<string, [string, string]> = {
  quality: ["likely to be cured there", "更可能治好"], price: ["cheaper", "更便宜"], travel: ["shorter way", "路近"],
  wait: ["shorter wait", "候诊短"], habit: ["goes there usually", "习惯去那里"], trust: ["trusts them", "信得过"],
  near: ["round the corner", "就在家门口"], usual: ["their own doctor", "自己的签约医生"], refill: ["just a prescription", "只是开药"],
  advice: ["was advised to", "有人建议"], stay: ["likes to be there", "愿意住那里"], centre: ["close to home", "离家近"],
};
export const AGAINST: Record<string, [string, string]> = {
  quality: ["less likely to be cured", "治好的把握小"], price: ["dearer", "更贵"], travel: ["longer way", "路远"],
  wait: ["longer wait", "候诊长"], habit: ["goes elsewhere usually", "平时不去那里"], trust: ["trusts them less", "不太信得过"],
  near: ["not round the corner", "不在家门口"], usual: ["not their own doctor", "不是签约医生"], refill: ["more than a prescription needs", "开药不必去"],
  advice: ["was advised otherwise", "有人建议去别处"], stay: ["would rather not stay there", "不愿住那里"], centre: ["far from home", "离家远"],
};
export const term = (name: string, good: boolean): string => {
  const both = (good ? TERMS : AGAINST)[name] ?? [name, name];
  return both[current === "en" ? 0 : 1];
};
export const comma = () => pick(", ", "、");
export const signed = (value: number, digits = 0): string => {
  const text = Math.abs(value).toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return Number(Math.abs(value).toFixed(digits)) === 0 ? "0" : (value > 0 ? "+" : "−") + text;
};
export const plain = (value: number, digits = 0): string => {
  const [whole, rest] = Math.abs(value).toFixed(digits).split(".");
  return (value < 0 && Number(value.toFixed(digits)) !== 0 ? "−" : "") + whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (rest ? "." + rest : "");
};
