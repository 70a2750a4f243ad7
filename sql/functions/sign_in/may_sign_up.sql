-- Called by app as installation.
create function fn.may_sign_up(_signup text) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return _signup = 'open' and not fn.is_fresh();
end;
$$;

comment on function fn.may_sign_up is
'Whether anybody may sign up, _signup being the setting SIGNUP: with invite or closed nobody, nor before the installation is
claimed.';
