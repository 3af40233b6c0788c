import type { z } from "zod";

/** What an operation takes and gives. */
export interface RouteShapes {
  summary: string;
  /** Status of the success answer. */
  status: 200 | 201 | 202;
  response: z.ZodType;
  /** The answer's media type, where it is not JSON. */
  media?: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Where a body may be longer than what the control plane takes else. */
  maxBodyBytes?: number;
  /** What comes with `"stream": true`, where the operation can stream. */
  stream?: string;
}
