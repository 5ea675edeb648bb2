# accept: REFUSAL
# A polite no.
I'm sorry, but I can't write code that doubles numbers.
