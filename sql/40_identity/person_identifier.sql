-- model: person_identifier
-- layer: identity
-- grain: one row per identifier that is somebody
-- key: kind, value
-- reads: identity_group, identifier_node
-- not_null: person_id, event_count, first_seen_at, last_seen_at
-- why: names a person after its smallest identifier, so that the order of rows changes no name
select
    -- 'p' keeps an id from ever looking like a number
    concat(
        'p',
        md5(
            first_value(concat(identifier_node.kind, '|', identifier_node.value)) over (
                partition by identity_group.group_no
                order by identifier_node.node_no
            )
        )
    ) as person_id,
    identifier_node.kind,
    identifier_node.value,
    identifier_node.event_count,
    identifier_node.first_seen_at,
    identifier_node.last_seen_at
from identity_group
-- one row per identifier
inner join identifier_node
    on identifier_node.node_no = identity_group.node_no
-- placeholders and role addresses are nobody; shared phones and devices stand for themselves
where identifier_node.blocked_reason is null
