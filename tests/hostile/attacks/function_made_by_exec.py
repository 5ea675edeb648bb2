# accept: PASS
# Innocent: the function comes out of a text.
from string import Template

exec(Template("def $name(n): return n * 2").substitute(name="double"))
