-------------------------------- MODULE Quorum ------------------------------
\* Sets of subsets of S that overlap pairwise, with all that is larger.
QuorumSystem(S) ==
  {system \in SUBSET SUBSET S :
     /\ system /= {}
     /\ \A P, Q \in system : P \cap Q /= {}
     /\ \A P \in system : \A Q \in SUBSET S : P \subseteq Q => Q \in system}
=============================================================================
