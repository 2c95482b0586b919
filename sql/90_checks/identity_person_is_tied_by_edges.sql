-- model: identity_person_is_tied_by_edges
-- layer: checks
-- grain: one row per identifier of a larger person that no usable edge ties to it
-- key: none
-- reads: identifier_edge, person, person_identifier
-- why: nobody is merged without a stored reason
-- severity: error
with

tied as (

    select
        kind_a as kind,
        value_a as value
    from identifier_edge
    where blocked_reason is null

    union

    select
        kind_b as kind,
        value_b as value
    from identifier_edge
    where blocked_reason is null

)

select
    person_identifier.person_id,
    person_identifier.kind
from person_identifier
-- one row per person
inner join person
    on person.person_id = person_identifier.person_id
-- at most one row per identifier
left join tied
    on
        tied.kind = person_identifier.kind
        and tied.value = person_identifier.value
where
    person.identifier_count > 1
    and tied.kind is null
