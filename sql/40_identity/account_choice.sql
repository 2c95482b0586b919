-- model: account_choice
-- layer: identity
-- grain: one row per person and rule that ties the person to a company
-- key: person_id, rule
-- reads: account_evidence
-- not_null: account_key, event_count
-- why: of several companies a person belongs to the one with most of the events
with

ranked as (

    select
        person_id,
        account_key,
        rule,
        event_count,
        row_number() over (
            partition by person_id, rule
            order by event_count desc, account_key
        ) as choice_no
    from account_evidence

)

select
    person_id,
    rule,
    account_key,
    event_count
from ranked
where choice_no = 1
