-- model: identity_edge_tells_the_truth
-- layer: checks
-- grain: one row per edge that joins two persons, or that is blocked and yet cannot say by what
-- key: none
-- reads: identifier_edge, person_identifier
-- why: an edge that is not blocked has both of its ends in one person, or the explanation of a person is a lie
-- severity: error
select
    identifier_edge.kind_a,
    identifier_edge.kind_b,
    identifier_edge.rule
from identifier_edge
-- at most one person per identifier
left join person_identifier as person_a
    on
        person_a.kind = identifier_edge.kind_a
        and person_a.value = identifier_edge.value_a
-- at most one person per identifier
left join person_identifier as person_b
    on
        person_b.kind = identifier_edge.kind_b
        and person_b.value = identifier_edge.value_b
where
    identifier_edge.blocked_reason is null
    and (
        person_a.person_id is null
        or person_b.person_id is null
        or person_a.person_id <> person_b.person_id
    )
