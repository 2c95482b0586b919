-- model: kind_first
-- layer: journeys
-- grain: one row per person and kind of event that some rule asks about
-- key: person_id, event_kind
-- reads: person_timeline, rule_history
-- why: "after this kind" means after its first occurrence, so that one number per person answers it
select
    person_timeline.person_id,
    person_timeline.event_kind,
    min(person_timeline.timeline_no) as first_no
from person_timeline
where
    exists (
        select rule_history.event_kind
        from rule_history
        where rule_history.event_kind = person_timeline.event_kind
    )
group by person_timeline.person_id, person_timeline.event_kind
