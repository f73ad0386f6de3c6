/* Broken: a block taken off its list still looks like a free block. */
/* sextant-canary a2b5e632-722e-4ea4-ab40-eafcac1e2bb8 */
#include "buddy.h"

#include <string.h>

static int size_of(int order)
{
    return 1 << order;
}

static int order_for(long n)
{
    int order = 0;
    while (size_of(order) < n)
        order++;
    return order;
}

/* Puts a block on its list, which stays in ascending order. */
static void insert(struct buddy *b, int start, int order)
{
    int before = BUDDY_NONE, after = b->first[order];
    while (after != BUDDY_NONE && after < start) {
        before = after;
        after = b->page[after].next;
    }
    struct buddy_page *page = &b->page[start];
    page->heads_free_block = 1;
    page->order = (unsigned char)order;
    page->prev = before;
    page->next = after;
    if (before == BUDDY_NONE)
        b->first[order] = start;
    else
        b->page[before].next = start;
    if (after != BUDDY_NONE)
        b->page[after].prev = start;
}

static void take_off(struct buddy *b, int start)
{
    struct buddy_page *page = &b->page[start];
    if (page->prev == BUDDY_NONE)
        b->first[page->order] = page->next;
    else
        b->page[page->prev].next = page->next;
    if (page->next != BUDDY_NONE)
        b->page[page->next].prev = page->prev;
}

/* Adds a free block, merged with its buddy as often as possible. */
static void release_block(struct buddy *b, int start, int order)
{
    while (order < BUDDY_MAX_ORDER) {
        int other = start ^ size_of(order);
        if (other >= b->pages || !b->page[other].heads_free_block ||
            b->page[other].order != order)
            break;
        take_off(b, other);
        start &= ~size_of(order);
        order++;
    }
    insert(b, start, order);
}

/* Frees a range as aligned blocks, each as large as fits. */
static void release_range(struct buddy *b, int start, int n)
{
    for (int i = start; i < start + n; i++)
        b->page[i].used = 0;
    while (n > 0) {
        int order = 0;
        while (order < BUDDY_MAX_ORDER && start % size_of(order + 1) == 0 &&
               size_of(order + 1) <= n)
            order++;
        release_block(b, start, order);
        start += size_of(order);
        n -= size_of(order);
    }
}

int buddy_init(struct buddy *b, long pages)
{
    if (pages < 1 || pages > BUDDY_MAX_PAGES)
        return -1;
    b->pages = (int)pages;
    for (int order = 0; order <= BUDDY_MAX_ORDER; order++)
        b->first[order] = BUDDY_NONE;
    memset(b->page, 0, (size_t)pages * sizeof b->page[0]);
    release_range(b, 0, b->pages);
    return 0;
}

int buddy_alloc(struct buddy *b, long n)
{
    if (n < 1 || n > size_of(BUDDY_MAX_ORDER))
        return -1;
    int order = order_for(n);
    while (order <= BUDDY_MAX_ORDER && b->first[order] == BUDDY_NONE)
        order++;
    if (order > BUDDY_MAX_ORDER)
        return -1;
    int start = b->first[order];
    take_off(b, start);
    for (int i = start; i < start + n; i++)
        b->page[i].used = 1;
    release_range(b, start + (int)n, size_of(order) - (int)n);
    return start;
}

int buddy_free(struct buddy *b, long start, long n)
{
    if (n < 1 || start < 0 || start >= b->pages || n > b->pages - start)
        return -1;
    for (long i = start; i < start + n; i++)
        if (!b->page[i].used)
            return -1;
    release_range(b, (int)start, (int)n);
    return 0;
}
