/* Broken: the shift compares slot numbers and ignores that runs wrap round. */
/* sextant-canary c8b82ddd-6346-4fae-bf3e-9e8f6d4940cc */
#include "intern.h"

#include <stdint.h>
#include <string.h>

enum { EMPTY = -1, MASK = INTERN_SLOTS - 1 };

static int home_slot(const char *text)
{
    uint32_t hash = 2166136261u;
    for (; *text != 0; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    return (int)((hash >> 16 ^ hash) & MASK);
}

/* The slot that holds text, or the empty slot where it belongs. */
static int find_slot(const struct intern_table *t, const char *text)
{
    int s = home_slot(text);
    while (t->slot[s] != EMPTY && strcmp(t->string[t->slot[s]].text, text) != 0)
        s = (s + 1) & MASK;
    return s;
}

/* Empties a slot and moves later strings of the same run back, so that none is
   cut off from its home slot. */
static void empty_slot(struct intern_table *t, int hole)
{
    for (int s = (hole + 1) & MASK; t->slot[s] != EMPTY; s = (s + 1) & MASK) {
        int home = home_slot(t->string[t->slot[s]].text);
        if (home <= hole) {
            t->slot[hole] = t->slot[s];
            hole = s;
        }
    }
    t->slot[hole] = EMPTY;
}

void intern_init(struct intern_table *t)
{
    memset(t, 0, sizeof *t);
    for (int s = 0; s < INTERN_SLOTS; s++)
        t->slot[s] = EMPTY;
}

int intern_add(struct intern_table *t, const char *text)
{
    int s = find_slot(t, text);
    int id = t->slot[s];
    if (id == EMPTY) {
        for (id = 0; id < INTERN_STRINGS && t->string[id].count != 0; id++)
            ;
        if (id == INTERN_STRINGS)
            return -1;
        strncpy(t->string[id].text, text, INTERN_TEXT - 1);
        t->slot[s] = id;
    }
    if (t->string[id].count < INTERN_IMMORTAL)
        t->string[id].count++;
    return id;
}

int intern_release(struct intern_table *t, int id)
{
    if (id < 0 || id >= INTERN_STRINGS || t->string[id].count == 0)
        return -1;
    struct intern_string *string = &t->string[id];
    if (string->count == INTERN_IMMORTAL)
        return INTERN_IMMORTAL;
    string->count--;
    if (string->count == 0) {
        empty_slot(t, find_slot(t, string->text));
        memset(string->text, 0, sizeof string->text);
    }
    return string->count;
}
