------------------------------ MODULE Variants ------------------------------
\* A variant is a value with a tag: a record with one field.
UNIT == "U_OF_UNIT"
Variant(__tagName, __value) == [__tag \in {__tagName} |-> __value]
VariantTag(__variant) == CHOOSE __tag \in DOMAIN __variant : TRUE
VariantFilter(__tagName, __S) ==
  {__v[__tagName] : __v \in {__w \in __S : __tagName \in DOMAIN __w}}
VariantGetUnsafe(__tagName, __variant) == __variant[__tagName]
VariantGetOrElse(__tagName, __variant, __defaultValue) ==
  IF __tagName \notin DOMAIN __variant
  THEN __defaultValue
  ELSE __variant[__tagName]
=============================================================================
