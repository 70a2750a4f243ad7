create function fn.mail_claim(_phase text) returns interval
language sql immutable parallel safe
return case _phase when 'dot' then interval '15 minutes' else interval '6 minutes' end;

comment on function fn.mail_claim is
'How long a worker may take for a phase of a mail: more than app/mail/smtp.py waits for the server (5 minutes for a command, 10
for the answer to the final dot), so that a claim that expired is that of a worker that ended.';
