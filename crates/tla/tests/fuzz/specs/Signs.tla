---- MODULE Signs ----
EXTENDS Integers, Sequences
VARIABLES pc, n, stack
(* --algorithm Signs
variables n = 0;
begin
  a: while n < 3 do n := n + 1; end while;
end algorithm; *)
\* BEGIN TRANSLATION
vars ≜ ⟨pc, n, stack⟩
Init ≜ ∧ n = 0
       ∧ pc = "a"
       ∧ stack = ⟨⟩
a ≜ ∧ pc = "a"
    ∧ IF n < 3
         THEN ∧ n' = n + 1
              ∧ pc' = "a"
         ELSE ∧ pc' = "fin ✓ é"
              ∧ n' = n
    ∧ stack' = IF Len(stack) ≤ 2 THEN ⟨n⟩ ∘ stack ELSE stack
Terminating ≜ pc = "fin ✓ é" ∧ UNCHANGED vars
Next ≜ a ∨ Terminating
Spec ≜ Init ∧ □[Next]_vars ∧ WF_vars(Next)
\* END TRANSLATION
Inv ≜ ∀ i ∈ DOMAIN stack : ∃ j ∈ 0 ‥ 3 : stack[i] = j ∧ ¬(i ∉ Nat)

Termination ≜ ◇(pc = "fin ✓ é")
====
