#ifndef INTERN_H
#define INTERN_H

enum {
    INTERN_SLOTS = 16,       /* a power of two */
    INTERN_STRINGS = 13,     /* strings that can be present at once */
    INTERN_TEXT = 32,        /* bytes of a string with its final zero */
    INTERN_IMMORTAL = 7      /* a count that never changes again */
};

struct intern_string {
    char text[INTERN_TEXT];
    int count;               /* 0: this id is not in use */
};

struct intern_table {
    int slot[INTERN_SLOTS];  /* an id, or -1 */
    struct intern_string string[INTERN_STRINGS];
};

void intern_init(struct intern_table *t);
int intern_add(struct intern_table *t, const char *text);
int intern_release(struct intern_table *t, int id);

#endif
