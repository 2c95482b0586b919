-- model: card_address
-- layer: identity_rounds
-- grain: one row per record that names a person, and address that stands on an event of it
-- key: card_no, address_no
-- reads: event_node, identifier_node, blocked_node
-- not_null: card_kind, address_kind
-- why: two records are doubles by the addresses they share
with

barred as (

    select distinct node_no
    from blocked_node

)

select distinct
    card.node_no as card_no,
    card.kind as card_kind,
    address.node_no as address_no,
    address.kind as address_kind
from event_node as standing
-- one row per identifier
inner join identifier_node as card
    on card.node_no = standing.node_no
-- several identifiers to one event
inner join event_node as beside
    on beside.event_id = standing.event_id
-- one row per identifier
inner join identifier_node as address
    on address.node_no = beside.node_no
-- at most one row per identifier
left join barred
    on barred.node_no = address.node_no
where
    standing.is_crowded = 0
    and standing.exclude is null
    and card.trust = 1
    and card.is_naming
    and card.blocked_reason is null
    and address.trust = 2
    and barred.node_no is null
