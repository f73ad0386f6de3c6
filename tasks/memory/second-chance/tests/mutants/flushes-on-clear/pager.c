/* Broken: clearing R drops the TLB entry. */
/* sextant-canary 49ab22db-8eb2-47f8-9620-60564d09cc6a */
#include <stdio.h>
#include <string.h>

enum { MAX_FRAMES = 64, MAX_TLB = 16, NONE = -1 };

struct page {
    int process;
    unsigned long number;
};

struct frame {
    int in_use;
    struct page page;
    int referenced, dirty, pins;
};

struct entry {
    int frame;
    int known_dirty;
};

static struct frame frames[MAX_FRAMES];
static struct entry tlb[MAX_TLB];   /* oldest first */
static int frame_count, tlb_room, tlb_count, hand;
static unsigned long tlb_hits, walks, faults, writes;

static int resident(struct page page)
{
    for (int f = 0; f < frame_count; f++)
        if (frames[f].in_use && frames[f].page.process == page.process &&
            frames[f].page.number == page.number)
            return f;
    return NONE;
}

static int tlb_find(int frame)
{
    for (int i = 0; i < tlb_count; i++)
        if (tlb[i].frame == frame)
            return i;
    return NONE;
}

static void tlb_remove(int i)
{
    tlb_count--;
    memmove(&tlb[i], &tlb[i + 1], (size_t)(tlb_count - i) * sizeof tlb[0]);
}

static void tlb_drop(int frame)
{
    int i = tlb_find(frame);
    if (i != NONE)
        tlb_remove(i);
}

static void tlb_enter(int frame)
{
    if (tlb_room == 0)
        return;
    if (tlb_count == tlb_room)
        tlb_remove(0);
    tlb[tlb_count++] = (struct entry){frame, frames[frame].dirty};
}

/* The frame that the clock chooses; its page is still there. */
static int choose_victim(void)
{
    for (int round = 1; round <= 4; round++) {
        int want_dirty = round % 2 == 0;
        for (int i = 0; i < frame_count; i++) {
            int n = (hand + i) % frame_count;
            struct frame *f = &frames[n];
            if (f->pins > 0)
                continue;
            if (!f->referenced && f->dirty == want_dirty) {
                hand = (n + 1) % frame_count;
                return n;
            }
            /* The TLB entry stays, so hits no longer show in this bit. */
            if (want_dirty)
                f->referenced = 0, tlb_drop(n);
        }
    }
    return NONE;
}

static void fault(struct page page, int is_write)
{
    int n = 0, evicts = 0;
    faults++;
    while (n < frame_count && frames[n].in_use)
        n++;
    if (n == frame_count) {
        n = choose_victim();
        evicts = 1;
    }
    if (n == NONE) {
        puts("fault fail");
        return;
    }
    printf("fault %d", n);
    if (evicts) {
        printf(" evict %d %lu", frames[n].page.process, frames[n].page.number);
        if (frames[n].dirty) {
            printf(" written");
            writes++;
        }
        tlb_drop(n);
    }
    putchar('\n');
    frames[n] = (struct frame){1, page, 1, is_write, 0};
    tlb_enter(n);
}

static void access_page(struct page page, int is_write)
{
    int n = resident(page);
    if (n == NONE) {
        fault(page, is_write);
        return;
    }
    int i = tlb_find(n);
    if (i == NONE) {
        walks++;
        frames[n].referenced = 1;
        frames[n].dirty |= is_write;
        tlb_enter(n);
        puts("walk");
        return;
    }
    tlb_hits++;
    if (is_write && !tlb[i].known_dirty) {
        tlb[i].known_dirty = 1;
        frames[n].dirty = 1;
        puts("tlb dirty");
    } else {
        puts("tlb");
    }
}

static void pin(struct page page, int change)
{
    int n = resident(page);
    if (n == NONE || frames[n].pins + change < 0) {
        puts("no");
        return;
    }
    frames[n].pins += change;
    puts("ok");
}

static void sync_pages(unsigned long limit)
{
    printf("wrote");
    for (int i = 0; i < frame_count && limit > 0; i++) {
        int n = (hand + i) % frame_count;
        struct frame *f = &frames[n];
        if (!f->in_use || !f->dirty)
            continue;
        printf(" %d:%lu", f->page.process, f->page.number);
        f->dirty = 0;
        int entry = tlb_find(n);
        if (entry != NONE)
            tlb[entry].known_dirty = 0;
        writes++;
        limit--;
    }
    putchar('\n');
}

static void exit_process(int process)
{
    int freed = 0;
    for (int n = 0; n < frame_count; n++)
        if (frames[n].in_use && frames[n].page.process == process) {
            tlb_drop(n);
            frames[n] = (struct frame){0};
            freed++;
        }
    printf("freed %d\n", freed);
}

static void show(void)
{
    printf("hand %d\nframes", hand);
    for (int n = 0; n < frame_count; n++) {
        struct frame *f = &frames[n];
        if (!f->in_use) {
            printf(" -");
            continue;
        }
        printf(" %d:%lu%s%s", f->page.process, f->page.number,
               f->referenced ? "R" : "", f->dirty ? "D" : "");
        if (f->pins > 0)
            printf("+%d", f->pins);
    }
    printf("\ntlb");
    for (int i = 0; i < tlb_count; i++) {
        struct page *p = &frames[tlb[i].frame].page;
        printf(" %d:%lu%s", p->process, p->number, tlb[i].known_dirty ? "w" : "");
    }
    putchar('\n');
}

int main(void)
{
    char line[128], verb[16];
    while (fgets(line, sizeof line, stdin) != NULL) {
        unsigned long x = 0, y = 0;
        if (sscanf(line, "%15s %lu %lu", verb, &x, &y) < 1)
            continue;
        struct page page = {(int)x, y};
        if (!strcmp(verb, "machine")) {
            frame_count = (int)x;
            tlb_room = (int)y;
        } else if (!strcmp(verb, "read")) {
            access_page(page, 0);
        } else if (!strcmp(verb, "write")) {
            access_page(page, 1);
        } else if (!strcmp(verb, "pin")) {
            pin(page, 1);
        } else if (!strcmp(verb, "unpin")) {
            pin(page, -1);
        } else if (!strcmp(verb, "sync")) {
            sync_pages(x);
        } else if (!strcmp(verb, "exit")) {
            exit_process((int)x);
        } else if (!strcmp(verb, "show")) {
            show();
        }
    }
    printf("total tlb=%lu walk=%lu fault=%lu write=%lu\n", tlb_hits, walks, faults, writes);
    return 0;
}
