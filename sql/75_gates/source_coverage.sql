-- model: source_coverage
-- layer: gates
-- grain: one row per source of which events of persons count
-- key: source
-- reads: person_event
-- why: says how much of a source the rules of stages.toml recognise
select
    person_event.source,
    count(*) as event_count,
    count(person_event.rule_id) as placed_count
from person_event
group by person_event.source
