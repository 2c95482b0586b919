-- model: identity_review
-- layer: identity
-- grain: one row per person that somebody should look at, and reason to
-- key: person_id, reason
-- reads: review_node, identifier_node, person_identifier, person
-- not_null: identifier_count, email_count, phone_count
-- why: what looks like a crowd is more often one than a person
with

in_question as (

    select distinct
        person_identifier.person_id,
        review_node.reason
    from review_node
    -- one row per identifier
    inner join identifier_node
        on identifier_node.node_no = review_node.node_no
    -- at most one row per identifier
    inner join person_identifier
        on
            person_identifier.kind = identifier_node.kind
            and person_identifier.value = identifier_node.value

),

known as (

    select
        person_id,
        sum(case when kind = 'email' then 1 else 0 end) as email_count,
        sum(case when kind = 'phone' then 1 else 0 end) as phone_count
    from person_identifier
    group by person_id

)

select
    in_question.person_id,
    in_question.reason,
    person.identifier_count,
    known.email_count,
    known.phone_count
from in_question
-- one row per person
inner join person
    on person.person_id = in_question.person_id
-- one row per person
inner join known
    on known.person_id = in_question.person_id
