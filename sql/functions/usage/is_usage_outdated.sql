create function fn.is_usage_outdated(
    _responses bigint, _quota bigint, _full_at timestamptz, _stopped_at timestamptz, _new_quota bigint, _hidden_above bigint
) returns boolean
language sql immutable parallel safe
return _quota is distinct from _new_quota
    or (_full_at is not null) is distinct from coalesce(_responses >= _hidden_above, false)
    or (_stopped_at is not null) is distinct from coalesce(_responses >= 10 * _new_quota, false);

comment on function fn.is_usage_outdated is
'Whether a month''s usage has another quota than the account''s plan, or should or should not be full or stopped.';
