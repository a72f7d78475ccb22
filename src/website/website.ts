// Website: the room of the public face. The door: other rooms enter here and nowhere else.
//
// Owns: the home page. No table.
// Promises: what it says of the product is true of the product as it runs here: practice is called practice.
// Never: asks for anything; setting up is the room services', signing in the room signin's.
export { type WebsiteDeps, websiteRoutes } from './pages.tsx'
