-- model: identity_quality
-- layer: identity
-- grain: one row per question about the stitching, and per source, reason or number of sources it is asked of
-- key: measure, part
-- reads: event, event_person, person, identifier_edge, identity_review
-- not_null: amount, base
-- why: readers of a page see how much of what is known hangs on a person, and what was not joined on purpose
with

tied as (

    select
        event.source,
        count(*) as event_count,
        count(event_person.person_id) as tied_count
    from event
    -- one to one at most
    left join event_person on event.event_id = event_person.event_id
    group by event.source

),

seen as (

    select
        event_person.person_id,
        count(distinct event.source) as source_count
    from event_person
    -- one to one
    inner join event on event_person.event_id = event.event_id
    group by event_person.person_id

),

person_total as (

    select count(*) as person_count
    from person

),

edge_total as (

    select count(*) as edge_count
    from identifier_edge

),

measured as (

    select
        'event_tied' as measure,
        tied.source as part,
        tied.tied_count as amount,
        tied.event_count as base
    from tied
    union all
    select
        'person_in_sources' as measure,
        case
            when seen.source_count = 1 then '1'
            when seen.source_count = 2 then '2'
            else '3'
        end as part,
        count(*) as amount,
        max(person_total.person_count) as base
    from seen
    cross join person_total
    group by
        case
            when seen.source_count = 1 then '1'
            when seen.source_count = 2 then '2'
            else '3'
        end
    union all
    select
        'edge' as measure,
        coalesce(identifier_edge.blocked_reason, 'joined') as part,
        count(*) as amount,
        max(edge_total.edge_count) as base
    from identifier_edge
    cross join edge_total
    group by coalesce(identifier_edge.blocked_reason, 'joined')
    union all
    select
        'review' as measure,
        identity_review.reason as part,
        count(distinct identity_review.person_id) as amount,
        max(person_total.person_count) as base
    from identity_review
    cross join person_total
    group by identity_review.reason

)

select
    measured.measure,
    measured.part,
    cast(measured.amount as bigint) as amount,
    cast(measured.base as bigint) as base
from measured
