"""Remote consultation (远程会诊): a primary doctor first asks a hospital about a patient fit to be sent up.

How often it is asked and answered are acts of the doctors (`practice/actions/consult.py`, `practice/actions/read.py`),
as far as they are paid or care. An answer makes the doctor more able for the case, so that more are cured and fewer are
sent up.
"""

from collections.abc import Iterator

from simulator.choice.place import cure
from simulator.core.draws import CONSULT, uniforms
from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.names import CENTRE
from simulator.core.table import Column
from simulator.declare.counts import Count
from simulator.declare.indicator import Figure, Indicator
from simulator.declare.rows import episode, new, seen
from simulator.declare.use import Use
from simulator.illness.outcome import chance_cured
from simulator.referral.up import chance_referred
from simulator.services.service import Service


def per_visit(month) -> Iterator[Figure]:
    """Answered and asked, per visit at primary."""
    if month.is_there("consult"):
        visits = float(month.visits.sum(1)[: CENTRE + 1].sum())
        for part, event in (("", "read"), ("asked", "consulted")):
            yield Figure(float(month.events(event).sum()), visits, part=part)


SERVICE = Service(
    source="NHC 2018, telemedicine service rules (远程医疗服务管理规范)",
    episodes=(
        Column("consulted", "i4", "row", "hospital that the doctor asked remotely, -1 for none", -1),
        Column("read", "i1", "0 or 1", "it answered"),
    ),
    when={"before_referral": "doctor.consult > 0.0"},
    events=(
        Count(
            "consulted", "remote consultations asked by the doctors here", episode.seen,
            when=new & (episode.consulted >= 0),
        ),
        Count("read", "remote consultations answered here", episode.consulted, episode.read, seen & new),
    ),
    indicators=(
        Indicator(
            "consultations_per_visit", "share", "–; part `asked`; only where paid or done",
            "remote consultations answered (part: asked)", "visits at primary",
            Text("remote consultations per visit at primary care", "基层每诊次远程会诊数"), per_visit,
            events=True,
        ),
    ),
    use=(
        Use(unused=Text("no doctor asked for a remote consultation", "没有医生申请远程会诊"), events=("consulted",)),
        Use(unused=Text("no remote consultation was answered", "没有一次远程会诊得到答复"), events=("read",)),
    ),
)  # fmt: skip


@compiled
def advised(own, hospital, par):
    """Capability of a primary doctor with a remote consultation: nearer to that of the hospital asked."""
    return own + par.consult_gain * max(hospital - own, 0.0)


@compiled
def before_referral(episode, person, doctor, sending, force):
    """Ask the hospital thought of first; with its answer the patient may be cured here, or need not go."""
    par = force.par
    u_ask, u_read, _, _ = uniforms(force.clock, person.id, CONSULT, episode.number)
    if u_ask >= doctor.consult:
        return True
    episode.consulted = sending.hospital
    if u_read >= force.facilities[sending.hospital].read:
        return True
    episode.read = 1
    able = advised(sending.able, sending.able_there, par)
    here = cure(able, episode.severity, par)
    cured = chance_cured(able, episode.severity, doctor.visit_logit, par)
    episode.cured = 1 if sending.outcome < cured else 0
    return sending.draw < chance_referred(here, sending.cured_there, sending.gain, sending.care, par)
