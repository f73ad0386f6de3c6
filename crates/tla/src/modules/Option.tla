-------------------------------- MODULE Option ------------------------------
\* A value or nothing, as a variant.
EXTENDS Apalache, Variants

Some(__x) == Variant("Some", __x)
None == Variant("None", UNIT)
IsSome(__o) == "Some" = VariantTag(__o)
IsNone(__o) == "None" = VariantTag(__o)
OptionCase(__o, __caseSome(_), __caseNone(_)) ==
  IF IsNone(__o) THEN __caseNone(UNIT) ELSE __caseSome(VariantGetUnsafe("Some", __o))
OptionFlatMap(__f(_), __o) == OptionCase(__o, __f, LAMBDA __u : None)
OptionMap(__f(_), __o) == OptionFlatMap(LAMBDA __x : Some(__f(__x)), __o)
OptionGetOrElse(__o, __default) ==
  OptionCase(__o, LAMBDA __x : __x, LAMBDA __u : __default)
OptionToSeq(__o) == OptionCase(__o, LAMBDA __x : <<__x>>, LAMBDA __u : <<>>)
OptionToSet(__o) == OptionCase(__o, LAMBDA __x : {__x}, LAMBDA __u : {})
OptionGuess(__s) ==
  ApaFoldSet(LAMBDA __one, __x : IF IsNone(__one) THEN Some(__x) ELSE __one, None, __s)
OptionFunApp(__f, __o) == OptionMap(LAMBDA __x : __f[__x], __o)
OptionPartialFun(__f, __undefined) ==
  [__x \in DOMAIN __f \cup __undefined |->
    IF __x \notin __undefined THEN Some(__f[__x]) ELSE None]
=============================================================================
