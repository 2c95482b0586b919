-- model: event_identifiers
-- layer: events
-- grain: one row per event and identifier of the customer it is about
-- key: stream, natural_key, kind, value
-- reads: int_jira__issue, int_jira__issue_event
-- why: issues name a reporter; what another customer wrote is that customer's own
with

person as (

    select
        happened.stream,
        happened.natural_key,
        coalesce(happened.author_id, issue.reporter_id) as account_id,
        case
            when happened.author_id is null or happened.author_id = issue.reporter_id
                then issue.reporter_email
            else happened.author_email
        end as email,
        case
            when happened.author_id is null or happened.author_id = issue.reporter_id
                then issue.crm_id
        end as crm_id
    from int_jira__issue_event as happened
    -- many to at most one
    left join int_jira__issue as issue on happened.issue_id = issue.issue_id

),

bound as (

    select stream, natural_key, 'jira_account' as kind, account_id as value from person
    union all
    select stream, natural_key, 'email' as kind, email as value from person
    union all
    -- numbers only: an address kept there would be published as it is
    select stream, natural_key, 'crm_id' as kind, crm_id as value
    from person
    where crm_id not like '%@%' and crm_id not like '+%'

)

select
    stream,
    natural_key,
    kind,
    value
from bound
where value is not null
