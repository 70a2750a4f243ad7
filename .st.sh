cd /var/tmp/w/pace
timeout 100 .venv/bin/python -m tests.programs.reset_storm > .storm.on 2>&1
timeout 100 .venv/bin/python -m tests.programs.reset_storm > .storm.on2 2>&1
