/* sextant-canary e1780806-c194-4b3a-9c36-53da49bd27da */
#include "arena.h"

#include <stdint.h>
#include <string.h>

enum { UNIT = 16, SPLIT_MINIMUM = 64, LARGE_REQUEST = 512 };

/* Opens the arena (its length is then the arena's size) and every block. */
struct header {
    uint64_t length;
    uint64_t used;
};
_Static_assert(sizeof(struct header) == UNIT, "a header fills one unit");

static struct header *first_block(void *base)
{
    return (struct header *)base + 1;
}

static struct header *arena_end(void *base)
{
    return (struct header *)((char *)base + ((struct header *)base)->length);
}

static struct header *next_block(struct header *block)
{
    return (struct header *)((char *)block + block->length);
}

static void *payload(struct header *block)
{
    return block + 1;
}

/* The block length for n bytes, or 0 if no block could hold them. */
static uint64_t length_for(size_t n)
{
    if (n == 0 || n > SIZE_MAX - 2 * UNIT)
        return 0;
    return UNIT + (n + UNIT - 1) / UNIT * UNIT;
}

/* Headers are only found by walking: payloads may imitate them. */
static struct header *used_block(void *base, void *p)
{
    for (struct header *b = first_block(base); b < arena_end(base); b = next_block(b))
        if (payload(b) == p)
            return b->used ? b : NULL;
    return NULL;
}

static void merge_all(void *base)
{
    for (struct header *b = first_block(base); b < arena_end(base); b = next_block(b)) {
        if (b->used)
            continue;
        struct header *next = next_block(b);
        while (next < arena_end(base) && !next->used) {
            b->length += next->length;
            next = next_block(b);
        }
    }
}

/* Cuts a block in two if what is left over is worth it. Both parts keep the
   block's state. */
static void cut(struct header *block, uint64_t low_length)
{
    struct header *high = (struct header *)((char *)block + low_length);
    high->length = block->length - low_length;
    high->used = block->used;
    block->length = low_length;
}

static void give_back_tail(struct header *block, uint64_t length)
{
    if (block->length - length >= SPLIT_MINIMUM) {
        cut(block, length);
        next_block(block)->used = 0;
    }
}

/* The lowest free block that is long enough, or the highest. */
static struct header *find(void *base, uint64_t length, int highest)
{
    struct header *found = NULL;
    for (struct header *b = first_block(base); b < arena_end(base); b = next_block(b))
        if (!b->used && b->length >= length) {
            found = b;
            if (!highest)
                break;
        }
    return found;
}

void arena_init(void *base, size_t size)
{
    *(struct header *)base = (struct header){size, 1};
    *first_block(base) = (struct header){size - UNIT, 0};
}

void *arena_alloc(void *base, size_t n)
{
    if (n == 0)
        return NULL;
    int large = n >= LARGE_REQUEST;
    uint64_t length = length_for(n);
    struct header *block = length == 0 ? NULL : find(base, length, large);
    if (block == NULL) {
        merge_all(base);
        block = length == 0 ? NULL : find(base, length, large);
    }
    if (block == NULL)
        return NULL;
    if (!large) {
        block->used = 1;
        give_back_tail(block, length);
        return payload(block);
    }
    if (block->length - length >= SPLIT_MINIMUM) {
        cut(block, block->length - length);
        block = next_block(block);
    }
    block->used = 1;
    return payload(block);
}

int arena_free(void *base, void *p)
{
    struct header *block = used_block(base, p);
    if (block == NULL)
        return -1;
    block->used = 0;
    return 0;
}

void *arena_resize(void *base, void *p, size_t n)
{
    struct header *block = used_block(base, p);
    if (block == NULL || n == 0)
        return NULL;
    uint64_t length = length_for(n);
    uint64_t reach = block->length;
    struct header *next = next_block(block);
    while (next < arena_end(base) && !next->used) {
        reach += next->length;
        next = next_block(next);
    }
    if (length != 0 && length <= reach) {
        while (block->length < length)
            block->length += next_block(block)->length;
        give_back_tail(block, length);
        return p;
    }
    void *moved = arena_alloc(base, n);
    if (moved == NULL)
        return NULL;
    memcpy(moved, p, block->length - UNIT);
    block->used = 0;
    return moved;
}

void arena_walk(void *base, arena_visitor *visit, void *context)
{
    for (struct header *b = first_block(base); b < arena_end(base); b = next_block(b))
        visit(context, (size_t)((char *)b - (char *)base), b->length, b->used != 0);
}
