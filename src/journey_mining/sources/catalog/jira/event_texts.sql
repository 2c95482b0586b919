-- model: event_texts
-- layer: events
-- grain: one row per event in which the customer wrote something
-- key: stream, natural_key
-- reads: stg_jira__comments, stg_jira__issue_list, stg_jira__issues
-- why: what customers say in their own words: the request, and public comments of its reporter and other customers
select
    'issues' as stream,
    concat('issue:', issue_id, ':created') as natural_key,
    concat_ws(
        chr(10),
        summary,
        -- version 3 of the API writes a document of nodes, version 2 a text
        coalesce(array_to_string(description_doc, ' '), description)
    ) as text
from stg_jira__issues
where coalesce(creator_id, '') = coalesce(reporter_id, '')
    and coalesce(reporter_kind, '') <> 'app'
    and (summary is not null or description is not null)
union all
select
    'issue_list' as stream,
    concat('issue:', listed.issue_id, ':created') as natural_key,
    concat_ws(chr(10), listed.summary, listed.description) as text
from stg_jira__issue_list as listed
where coalesce(listed.creator_id, listed.reporter_id, '') = coalesce(listed.reporter_id, '')
    and (listed.summary is not null or listed.description is not null)
    and not exists (
        select 1 as found
        from stg_jira__issues as told
        where told.issue_id = listed.issue_id
    )
union all
select
    'comments' as stream,
    concat('comment:', comment.comment_id) as natural_key,
    coalesce(array_to_string(comment.body_doc, ' '), comment.body) as text
from stg_jira__comments as comment
-- many to at most one
left join stg_jira__issues as issue on comment.issue_id = issue.issue_id
where (comment.author_id = issue.reporter_id or comment.author_kind = 'customer')
    and comment.body is not null
    and coalesce(comment.is_public, not coalesce(comment.is_internal, false))
    and not coalesce(comment.is_internal, false)
    and comment.limited_to is null
