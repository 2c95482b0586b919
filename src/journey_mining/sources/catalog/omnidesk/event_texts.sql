-- model: event_texts
-- layer: events
-- grain: one row per message of a customer
-- key: stream, natural_key
-- reads: int_omnidesk__talk, stg_omnidesk__cases, stg_omnidesk__messages
-- why: what customers write; notes and answers of staff are not quoted
with

words as (

    select
        talk.case_id,
        talk.message_id,
        talk.message_no,
        coalesce(message.body, message.body_html) as body
    from int_omnidesk__talk as talk
    inner join stg_omnidesk__messages as message on talk.message_id = message.message_id
    where talk.user_id is not null

)

select
    'cases' as stream,
    concat('case:', desk_case.case_id, ':created') as natural_key,
    concat_ws(chr(10), desk_case.subject, words.body) as text
from stg_omnidesk__cases as desk_case
-- one to at most one
left join words on desk_case.case_id = words.case_id and words.message_no = 1
where concat_ws('', desk_case.subject, words.body) <> ''
    and not exists (
        select 1 as found
        from int_omnidesk__talk as talk
        where talk.case_id = desk_case.case_id and talk.message_no = 1 and talk.staff_id is not null
    )
union all
select
    'messages' as stream,
    concat('message:', message_id) as natural_key,
    body as text
from words
where message_no > 1 and body is not null
union all
select
    'cases' as stream,
    concat('case:', case_id, ':csat') as natural_key,
    rating_comment as text
from stg_omnidesk__cases
where rating is not null and rating_comment is not null
