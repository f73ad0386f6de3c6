#ifndef BUDDY_H
#define BUDDY_H

#include <stddef.h>

enum {
    BUDDY_MAX_ORDER = 6,   /* the largest block has 64 pages */
    BUDDY_MAX_PAGES = 1024,
    BUDDY_NONE = -1
};

/* What is kept for each page. order, next and prev mean something only for the
   first page of a free block. */
struct buddy_page {
    unsigned char used;
    unsigned char heads_free_block;
    unsigned char order;
    int next, prev;
};

struct buddy {
    int pages;
    int first[BUDDY_MAX_ORDER + 1];   /* a list for each order */
    struct buddy_page page[BUDDY_MAX_PAGES];
};

int buddy_init(struct buddy *b, long pages);
int buddy_alloc(struct buddy *b, long n);
int buddy_free(struct buddy *b, long start, long n);

#endif
