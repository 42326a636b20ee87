import { z } from 'zod';

/** The content security policy forbids code made from text; schemas parse without it. Imported before any schema is built. */
z.config({ jitless: true });
